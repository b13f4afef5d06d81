// What single pages need beyond htmx. Each file looks after one thing and starts itself.
import "./keys";
import "./drafts";
import "./live";
// The log's field is made before the focus is moved to it.
import "./quick-log";
import "./logging";
import "./ticks";
import "./navigation";
import "./ticking";
import "./type-ahead";
import "./print";
