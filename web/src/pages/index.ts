// What single pages need beyond htmx. Each file looks after one thing and starts itself.
import "./keys";
import "./drafts";
import "./live";
import "./logging";
import "./quick-log";
import "./ticks";
import "./navigation";
import "./ticking";
import "./type-ahead";
