// The telephone: the one island. It lives outside <main>, so that no navigation drops a call.
import { Telephone } from "./telephone/telephone";

function start(): void {
  const root = document.getElementById("telephone");
  if (root) new Telephone(root).begin();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
