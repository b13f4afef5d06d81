// The public questions and answers. Everything works without this script: it only adds answers while typing, keeps what
// stands on top of the page fresh, and tells a surrounding page how tall a frame is. Each file looks after one thing.
import "./site/opening";
import "./site/search";
import "./site/suggest";
import "./site/notices";
import "./site/frame";
import "./site/print";
