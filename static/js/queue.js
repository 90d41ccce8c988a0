/* Keyboard for the queue (결재대기함). Marks in the page:
   [data-queue] the list · [data-queue-item] a row, holding the link or button that opens it
   [data-queue-approve] [data-queue-return] buttons in the open panel · #queue-help the help dialog
   [data-queue-keys] a checkbox that turns the letter keys off (KWCAG 2.2 문자 단축키). */
(() => {
  "use strict";
  const stored = "portal.queue.keys";
  const items = () => [...document.querySelectorAll("[data-queue] [data-queue-item]")];
  const opener = (item) => item?.querySelector("a, button");
  const currentIndex = (list) => {
    const focused = list.findIndex((item) => item.contains(document.activeElement));
    return focused >= 0 ? focused : list.findIndex((item) => item.classList.contains("selected"));
  };
  const keysOn = () => localStorage.getItem(stored) !== "off";

  function move(step) {
    const list = items();
    if (!list.length) return;
    const next = Math.min(Math.max(currentIndex(list) + step, 0), list.length - 1);
    const target = opener(list[next]);
    target?.focus();
    list[next].scrollIntoView({ block: "nearest" });
  }
  function press(selector, missing) {
    const button = document.querySelector(selector);
    if (button) button.click();
    else window.portal?.announce(missing);
  }
  const open = "먼저 Enter 키로 신청을 여십시오.";
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    a: () => press("[data-queue-approve]", open),
    r: () => press("[data-queue-return]", open),
    "?": () => document.getElementById("queue-help")?.showModal(),
  };
  /* The key's place on the board, so that the Korean input mode does not swallow it. */
  const letters = { KeyJ: "j", KeyK: "k", KeyA: "a", KeyR: "r" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !keysOn()) return;
    if (document.querySelector("dialog[open]") || !document.querySelector("[data-queue]")) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const action = actions[event.key === "?" ? "?" : letters[event.code]];
    if (!action) return;
    event.preventDefault();
    action();
  });

  /* Mark the row whose panel is open; htmx replaces the panel only. */
  document.addEventListener("click", (event) => {
    const item = event.target.closest("[data-queue-item]");
    if (!item || !event.target.closest("a, button")) return;
    for (const other of items()) {
      other.classList.toggle("selected", other === item);
      if (other === item) opener(other)?.setAttribute("aria-current", "true");
      else opener(other)?.removeAttribute("aria-current");
    }
  });
  /* An opened panel begins at its top; where it stands below the list, the page goes there. */
  document.addEventListener("htmx:after:swap", (event) => {
    const panel = document.getElementById("panel");
    const { ctx } = event.detail;
    if (!panel || ctx?.target !== panel) return;
    panel.scrollTop = 0;
    if (ctx.request.method === "GET" && window.matchMedia("(max-width: 1080px)").matches) panel.scrollIntoView({ block: "start" });
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-queue-keys]")) localStorage.setItem(stored, event.target.checked ? "on" : "off");
  });
  for (const box of document.querySelectorAll("[data-queue-keys]")) box.checked = keysOn();
})();
