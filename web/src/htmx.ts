// htmx with its stream extension. The extension looks for a global `htmx`, which htmx's module sets, so the order counts.
import htmx from "htmx.org";
import "htmx.org/dist/ext/hx-sse.js";

// A guide has the page on another screen, or behind the e-mail: live panes go on in the background.
Object.assign(htmx.config, { sse: { pauseOnBackground: false } });

export default htmx;
