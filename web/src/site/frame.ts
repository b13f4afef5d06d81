// In a frame on another page: how tall it is, told to the page around whenever it changes. It says nothing else, and only
// pages that the content policy names can be around it, so it may be said to whoever that is.

if (document.body.classList.contains("embedded") && window.parent !== window) {
  let told = 0;
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    window.parent.postMessage({ lots: "height", height }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
}
