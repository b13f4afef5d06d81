// What single pages need beyond htmx. Each file looks after one thing and starts itself.
import "./live";
import "./logging";
import "./navigation";
import "./ticking";
import "./type-ahead";
