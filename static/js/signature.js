/* Signatures drawn on the page, written as a PNG data URL into the hidden field of each pad. */
(() => {
  "use strict";
  function start(root) {
    if (root.dataset.started) return;
    root.dataset.started = "yes";
    const box = root.querySelector("[data-signature-box]");
    const canvas = root.querySelector("[data-signature-pad]");
    const value = root.querySelector("[data-signature-value]");
    const clear = root.querySelector("[data-signature-clear]");
    const state = root.querySelector("[data-signature-state]");
    box.hidden = false;
    clear.hidden = false;
    const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3, penColor: "#000" });

    /* The strokes, not the picture, survive turning the screen: no data: image is ever loaded. */
    function fit() {
      const ratio = Math.max(window.devicePixelRatio || 1, 2);
      const strokes = pad.toData();
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.clear();
      if (strokes.length) pad.fromData(strokes);
    }
    function keep() {
      value.value = pad.isEmpty() ? "" : canvas.toDataURL("image/png");
      value.dispatchEvent(new Event("change", { bubbles: true }));
      state.textContent = pad.isEmpty() ? "" : "서명했습니다.";
    }
    if (value.value) state.textContent = "앞서 하신 서명이 남아 있습니다. 바꾸려면 다시 서명해 주십시오.";
    pad.addEventListener("endStroke", keep);
    clear.addEventListener("click", () => { pad.clear(); keep(); state.textContent = "지웠습니다."; });
    new ResizeObserver(fit).observe(canvas);
  }
  const startAll = () => document.querySelectorAll("[data-signature]").forEach(start);
  startAll();
  document.addEventListener("htmx:after:swap", startAll);
})();
