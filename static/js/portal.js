/* What every page needs: HTMX failures where one looks, announcements, dialogs, small helpers.
   Nothing here is needed to log in, file or decide: without it the forms post as they are. */
(() => {
  "use strict";
  const tones = { danger: "오류", warning: "주의", success: "처리됨", info: "안내" };
  const signs = {
    danger: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM12 8v5M12 15.8v.1",
    warning: "M12 4.5L3.5 19h17zM12 10v4M12 16.5v.1",
    success: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM8.5 12.3l2.5 2.5 4.5-5",
    info: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM12 11v5M12 8v.1",
  };
  const byStatus = {
    403: ["이 작업을 할 권한이 없습니다.", "화면을 새로 고쳐 담당이 바뀌었는지 확인해 주십시오."],
    409: ["그 사이에 다른 사람이 먼저 처리했습니다.", "화면을 새로 고쳐 지금 상태를 확인해 주십시오."],
    413: ["파일이 너무 큽니다.", "20MB 이하로 나누거나 줄여서 다시 올려 주십시오."],
    429: ["잠시 동안 너무 많이 시도하셨습니다.", "조금 기다린 뒤 다시 시도해 주십시오."],
  };

  /* Once a screen is turned to a citizen, what other tabs still show of the officer's portal goes,
     and nothing comes back from the browser's memory: each page asks the server again. */
  const screens = new BroadcastChannel("portal-screen");
  if (document.body.classList.contains("turned")) screens.postMessage("turned");
  else screens.addEventListener("message", () => location.reload());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  function sign(tone) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS(svg.namespaceURI, "path");
    for (const [name, value] of [["class", "icon"], ["viewBox", "0 0 24 24"], ["role", "img"], ["aria-label", tones[tone]]]) svg.setAttribute(name, value);
    path.setAttribute("d", signs[tone]);
    svg.append(path);
    return svg;
  }

  function showMessage(tone, title, text, near, link, { name, retry } = {}) {
    const box = make("div", `alert ${tone}`);
    box.setAttribute("role", tone === "danger" || tone === "warning" ? "alert" : "status");
    const body = make("div");
    if (title) body.append(make("strong", "alert-title", title));
    if (text) body.append(make("p", "", text));
    if (link) {
      const anchor = make("a", "", link.label);
      anchor.href = link.href;
      anchor.target = "_blank";
      body.append(anchor);
    }
    if (retry) {
      const again = make("button", "button small", "다시 시도");
      again.type = "button";
      again.addEventListener("click", () => { box.remove(); retry(); });
      body.append(again);
    }
    if (name) box.dataset.message = name;
    const close = make("button", "alert-close", "×");
    close.type = "button";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", "알림 닫기");
    box.append(sign(tone), body, close);
    const place = placeFor(near);
    for (const old of place.querySelectorAll("[data-failure]")) old.remove();
    if (tone === "danger") box.dataset.failure = "";
    place.prepend(box);
    box.scrollIntoView({ block: "nearest" });
  }

  /* In the open dialog, in the panel one works in, else on top of the page. */
  function placeFor(near) {
    const dialog = document.querySelector("dialog[open]");
    if (dialog) return region(dialog, ".dialog-head");
    const panel = near?.closest?.("[data-messages]");
    return panel ? region(panel) : document.getElementById("messages");
  }
  function region(parent, after) {
    let found = parent.querySelector(":scope > .messages");
    if (!found) {
      found = make("div", "messages");
      const head = after && parent.querySelector(after);
      if (head) head.after(found); else parent.prepend(found);
    }
    return found;
  }

  function announce(message) {
    const live = document.getElementById("live");
    if (!live || !message) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = message; }, 60);
  }

  /* A fragment answering with 4xx is shown like any answer (a form with its errors, a row as it
     stands now). A whole page must never land inside another: it is an error page, or the login. */
  function guardAnswer(event) {
    const { ctx } = event.detail;
    const status = ctx.response.status;
    const whole = /^\s*<!doctype/i.test(ctx.text || "");
    const partial = ctx.request.headers["HX-Request-Type"] !== "full";
    if (whole && partial) {
      ctx.swap = "none";
      const page = new DOMParser().parseFromString(ctx.text, "text/html");
      const error = page.querySelector("[data-error]")?.dataset;
      if (error) failed(ctx, error.errorTitle, [error.errorMessage, error.errorAction].filter(Boolean).join(" "));
      else if (status < 400) document.dispatchEvent(new Event("session-doubt")); /* the login page */
      else failed(ctx, ...textFor(status));
    } else if (status >= 400 && !(ctx.text || "").trim()) {
      ctx.swap = "none";
      if (status === 401) document.dispatchEvent(new Event("session-doubt"));
      else if (!isQuiet(ctx)) failed(ctx, ...textFor(status));
    }
  }
  /* What asks in the background (data-quiet) neither speaks up nor wipes what stands there. */
  const isQuiet = (ctx) => ctx.sourceElement?.closest?.("[data-quiet]");
  const textFor = (status) => byStatus[status] || ["처리하지 못했습니다.", "잠시 뒤 다시 시도해 주십시오. 입력하신 내용은 그대로 있습니다."];
  const failed = (ctx, title, text, link) => showMessage("danger", title, text, ctx.sourceElement, link);

  document.addEventListener("htmx:before:request", (event) => {
    if (isQuiet(event.detail.ctx)) return;
    for (const old of placeFor(event.detail.ctx.sourceElement)?.querySelectorAll("[data-failure]") || []) old.remove();
  });
  document.addEventListener("htmx:after:request", guardAnswer);
  document.addEventListener("htmx:error", (event) => {
    const { ctx, error } = event.detail;
    if (!ctx || ctx.response || isQuiet(ctx)) return;
    const late = error?.name === "AbortError" || error === "timeout";
    showMessage("danger", late ? "응답이 늦어 멈추었습니다." : "서버에 연결하지 못했습니다.",
      "네트워크를 확인한 뒤 다시 시도해 주십시오. 입력하신 내용은 그대로 있습니다.", ctx.sourceElement, null, { retry: again(ctx.sourceElement) });
    document.dispatchEvent(new Event("connection-lost"));
  });
  /* What a person pressed can be pressed again; what the page asked by itself it asks again. */
  function again(source) {
    if (!source?.matches("form, a, button")) return null;
    return () => source.isConnected && (source.matches("form") ? source.requestSubmit() : source.click());
  }
  document.addEventListener("announce", (event) => announce(event.detail.message));
  document.addEventListener("message", (event) =>
    showMessage(event.detail.tone || "success", event.detail.title, event.detail.text));
  document.addEventListener("close-dialog", () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx?.target;
    const speaker = target?.isConnected ? target.closest("[data-announce]") : null;
    if (speaker) announce(speaker.dataset.announce);
    focusErrors(document);
  });

  function focusErrors(root) {
    const summary = root.querySelector("[data-focus]");
    if (!summary) return;
    delete summary.dataset.focus;
    summary.removeAttribute("data-focus");
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "nearest" });
  }

  /* Buttons with command/commandfor work by themselves in current browsers. */
  if (!("command" in HTMLButtonElement.prototype)) {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[commandfor]");
      const dialog = button && document.getElementById(button.getAttribute("commandfor"));
      if (!dialog) return;
      if (button.getAttribute("command") === "close") dialog.close();
      else if (!dialog.open) dialog.showModal();
    });
  }

  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".alert")?.remove();
    if (event.target.closest("[data-print]")) window.print();
    const link = event.target.closest(".error-summary a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
  });

  /* A second click on the same button must not send a form twice. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(() => release(form), 8000); /* a download leaves the page where it is */
  });
  function release(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  const size = (bytes) => bytes < 1048576 ? `${Math.ceil(bytes / 1024)}KB` : `${(bytes / 1048576).toFixed(1)}MB`;
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-drop]")?.querySelector("[data-drop-files]");
    if (list) list.replaceChildren(...[...event.target.files].map((file) => make("li", "", `${file.name} (${size(file.size)})`)));
  });
  for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => {
      const drop = event.target.closest?.("[data-drop]");
      if (!drop) return;
      drop.classList.toggle("over", over);
      if (name === "dragleave") return;
      event.preventDefault();
      const input = drop.querySelector("input[type=file]");
      if (name === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  /* On a low screen the menu scrolls by itself: where one is stays in sight. */
  const menu = document.querySelector(".side-inner");
  const here = menu?.querySelector("[aria-current]");
  if (here) menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
  focusErrors(document);
  window.portal = { showMessage, announce };
})();
