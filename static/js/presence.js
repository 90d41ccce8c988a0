/* Whether the login still lasts and the server still answers. The page asks, and asking prolongs
   nothing; only 계속 사용하기 does. Nothing that was typed is kept anywhere but in the page itself. */
(() => {
  "use strict";
  const body = document.body;
  const turned = body.classList.contains("turned"); /* who sits here now is not who logged in */
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("portal-session") : null;
  const account = body.dataset.account;
  const showMessage = (...all) => window.portal.showMessage(...all);
  let idleAt, absoluteAt, warn, timer, dialog, stage = "";

  const endsAt = () => Math.min(idleAt, absoluteAt);
  const secondsLeft = () => Math.max(Math.round((endsAt() - Date.now()) / 1000), 0);
  const canStay = () => absoluteAt - Date.now() > warn * 1000;
  const clockOf = (seconds) => `${Math.floor(seconds / 60)}분 ${String(seconds % 60).padStart(2, "0")}초`;

  function make(tag, text, attributes = {}) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  /* --- the server still answers ------------------------------------------------------------- */
  let lost = false, probing, heardAt = Date.now();
  async function ask(method = "GET") {
    const headers = method === "POST" ? { "X-CSRFToken": tokenOfPage() } : {};
    const answer = await fetch("/session", { method, headers, cache: "no-store", redirect: "error" });
    if (lost) found();
    heardAt = Date.now();
    return answer.status === 200 ? answer.json() : null;
  }
  function lose() {
    if (lost) return;
    lost = true;
    showMessage("warning", "서버에 연결되지 않습니다.", "적으신 내용은 이 화면에 그대로 있습니다. 다시 연결되면 알려 드립니다.", null, null, { name: "lost" });
    probing = setInterval(() => ask().then(learn, () => {}), 5000);
  }
  function found() {
    lost = false;
    clearInterval(probing);
    for (const box of document.querySelectorAll('[data-message="lost"]')) box.remove();
    showMessage("success", "서버에 다시 연결되었습니다.", "보내지 못한 것이 있으면 다시 눌러 주십시오.");
    document.dispatchEvent(new Event("connection-back"));
  }
  const doubt = () => ask().then(learn, lose);
  window.addEventListener("offline", lose);
  window.addEventListener("online", doubt);
  document.addEventListener("connection-lost", doubt);
  /* What would leave the page for the browser's own error page stays, and so does what was typed. */
  window.addEventListener("submit", (event) => {
    if (!lost || event.target.method === "dialog") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    showMessage("danger", "연결이 끊겨 보내지 않았습니다.", "적으신 내용은 그대로 있습니다. 다시 연결되었다는 안내가 나오면 다시 눌러 주십시오.", event.target);
  }, true);
  /* A login may have been ended elsewhere. Where the page has not heard of it for a while, it asks
     before a form leaves: the login page would come instead, and what was typed would be gone. */
  const UNHEARD_MS = 20_000;
  let asking = null, sent = null;
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (!account || lost || form === sent || form.method !== "post" || Date.now() - heardAt < UNHEARD_MS) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking === form) return;
    asking = form;
    const { submitter } = event;
    ask().then((left) => {
      if (left && left.account !== account) return learn(left);
      sent = form;
      form.requestSubmit(submitter);
      sent = null;
    }, lose).finally(() => { asking = null; });
  }, true);

  if (!account) {
    tabs?.postMessage("changed"); /* the login page: the other tabs look whether they are meant */
    return;
  }

  /* --- the login still lasts ---------------------------------------------------------------- */
  const tokenOfPage = () => JSON.parse(body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
  function renewTokens(token) {
    body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  }
  function count(left) {
    const now = Date.now();
    idleAt = now + left.idle * 1000;
    absoluteAt = now + left.absolute * 1000;
    warn = left.warn;
  }
  /* What the server says of this login; null where the answer says nothing. */
  function learn(left) {
    if (!left) return wait(30);
    if (left.account === null) return end();
    if (left.account !== account) return location.reload();
    const was = stage;
    count(left);
    if (was === "over") {
      close();
      renewTokens(left.token);
      showMessage("success", "다시 로그인하셨습니다.", "하시던 일을 이어서 하실 수 있습니다.");
    }
    if (secondsLeft() > warn) { close(); wait(secondsLeft() - warn); } else warnOnce();
  }
  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(() => ask().then(learn, lose), Math.max(seconds, 1) * 1000);
  }
  function open(kind, title, ...content) {
    close();
    stage = kind;
    dialog = make("dialog", "", { class: `dialog ${kind}`, "aria-labelledby": "session-title", role: "alertdialog" });
    const head = make("div", "", { class: "dialog-head" });
    head.append(make("h2", title, { id: "session-title" }));
    dialog.append(head, ...content);
    dialog.addEventListener("cancel", (event) => { if (kind === "over") event.preventDefault(); });
    body.append(dialog);
    dialog.showModal();
  }
  function close() {
    clearInterval(timer);
    stage = "";
    dialog?.remove();
    dialog = null;
  }
  const row = (...buttons) => {
    const actions = make("div", "", { class: "actions dialog-actions" });
    actions.append(...buttons);
    return actions;
  };
  function warnOnce() {
    if (stage === "warned") return;
    const left = make("strong", clockOf(secondsLeft()), { class: "num", role: "timer" });
    const line = make("p", turned ? "이 화면이 닫히기까지 " : "로그인이 끝나기까지 ");
    line.append(left, " 남았습니다.");
    const stay = make("button", canStay() ? "계속 사용하기" : "알겠습니다", { type: "button", class: "button primary" });
    const advice = canStay()
      ? "계속 사용하시려면 아래 단추를 눌러 주십시오."
      : "한 번의 로그인으로 쓸 수 있는 시간이 끝나가며 더 늘릴 수 없습니다. 하시던 일을 마치고 다시 로그인해 주십시오.";
    open("warned", turned ? "곧 이 화면이 닫힙니다" : "곧 로그아웃됩니다", line, make("p", advice), row(stay));
    stay.addEventListener("click", () => canStay() ? prolong() : dialog.close());
    timer = setInterval(() => {
      left.textContent = clockOf(secondsLeft());
      if (secondsLeft() > 0) return;
      clearInterval(timer);
      ask().then(learn, lose);
    }, 1000);
  }
  function prolong() {
    ask("POST").then((left) => { learn(left); tell(); }, doubt);
  }
  function end() {
    if (stage === "over") return;
    if (turned) {
      return open("over", "이 화면을 쓸 수 있는 시간이 끝났습니다", make("p", "담당자에게 화면을 돌려주십시오."),
        row(make("a", "담당자: 다시 로그인", { class: "button", href: "/login" })));
    }
    const again = make("a", "새 창에서 다시 로그인", { class: "button primary", href: "/login", target: "_blank", autofocus: "" });
    const anew = make("a", "이 화면을 처음부터 열기", { class: "button", href: location.pathname + location.search });
    open("over", "로그인이 끝났습니다",
      make("p", "적으신 내용은 이 화면에 그대로 있습니다. 새 창에서 다시 로그인하신 뒤 돌아오시면 이어서 하실 수 있습니다."),
      row(anew, again));
  }

  /* Other tabs: a page that opens tells how long the login lasts now. */
  const tell = () => tabs?.postMessage({ account, idleAt, absoluteAt });
  tabs?.addEventListener("message", ({ data }) => {
    if (data === "changed" || stage === "over" || data.account !== account) return void doubt();
    if (data.idleAt <= idleAt) return;
    idleAt = data.idleAt;
    if (secondsLeft() > warn) { close(); wait(secondsLeft() - warn); }
  });
  document.addEventListener("session-doubt", doubt);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && secondsLeft() <= warn) doubt(); });

  const [idle, absolute, before] = body.dataset.session.split(" ").map(Number);
  count({ idle, absolute, warn: before });
  tell();
  if (secondsLeft() > warn) wait(secondsLeft() - warn); else doubt();
})();
