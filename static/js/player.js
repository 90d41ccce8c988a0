/* 청취: waveform, keys, remaining time. The sound streams in ranges that the server checks one by one;
   when one is refused the player stops and says why. Nothing plays by itself, nothing is kept. */
(() => {
  "use strict";
  const rates = ["0.75", "1", "1.25", "1.5", "2"];
  const reasons = {
    401: "로그인이 끝나 재생을 멈추었습니다. 다시 로그인한 뒤 인증번호를 입력해 주십시오.",
    403: "청취가 더 이상 허용되지 않아 재생을 멈추었습니다. 신청 화면에서 청취 기간과 제한 여부를 확인해 주십시오.",
    404: "녹취정보가 없습니다. 보관기간이 지나 삭제되었을 수 있습니다.",
    410: "보관기간이 지나 녹취정보가 삭제되었습니다.",
    429: "요청이 너무 많아 재생을 멈추었습니다. 잠시 뒤 다시 재생해 주십시오.",
  };
  const offline = "서버에 연결하지 못해 재생을 멈추었습니다. 네트워크를 확인한 뒤 다시 재생해 주십시오.";
  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
  const spoken = (s) => `${Math.floor(s / 60)}분 ${Math.floor(s % 60)}초`;

  function start(root) {
    if (root.dataset.started) return;
    root.dataset.started = "yes";
    const part = (name) => root.querySelector(`[data-player-${name}]`);
    const audio = part("audio"), toggle = part("toggle"), seek = part("seek"), speed = part("speed");
    const items = [...root.querySelectorAll("[data-player-item]")];
    const color = (name) => getComputedStyle(root).getPropertyValue(name).trim();
    let wave = null, over = false, length = 0;
    audio.controls = false;
    for (const name of ["bar", "keys"]) part(name).hidden = false;

    function stop(message, forGood) {
      audio.pause();
      const box = document.createElement("div");
      box.className = "alert danger player-reason";
      box.append(Object.assign(document.createElement("p"), { textContent: message }));
      part("stop").replaceChildren(box);
      if (!forGood) return;
      over = true;
      const hadFocus = root.contains(document.activeElement);
      audio.removeAttribute("src");
      audio.load();
      pausedNow();
      for (const control of root.querySelectorAll("button, input, select")) control.disabled = true;
      box.tabIndex = -1;
      if (hadFocus) box.focus();
    }

    /* An audio element does not tell the answer it got: one byte is asked for to hear the reason. */
    async function findReason() {
      const failedAt = audio.currentTime;
      try {
        const answer = await fetch(audio.src, { headers: { Range: "bytes=0-0" }, cache: "no-store" });
        if (answer.redirected) return stop(reasons[401], true);
        if (answer.ok) { audio.load(); audio.currentTime = failedAt; return stop(offline, false); }
        return stop(await reasonOf(answer), answer.status < 500 && answer.status !== 429);
      } catch {
        return stop(offline, false);
      }
    }
    /* What is already in the buffer would play on after a restriction or withdrawal: ask meanwhile. */
    async function askStatus() {
      if (over || audio.paused) return;
      const answer = await fetch(root.dataset.status, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
      if (!answer || over) return;
      if (answer.redirected) stop(reasons[401], true);
      else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) stop(await reasonOf(answer), true);
    }
    const reasonOf = async (answer) => await reasonIn(answer) || reasons[answer.status] || offline;
    async function reasonIn(answer) {
      const text = await answer.text();
      if (/json/.test(answer.headers.get("Content-Type") || "")) return JSON.parse(text).message;
      const error = new DOMParser().parseFromString(text, "text/html").querySelector("[data-error]")?.dataset;
      return error && [error.errorMessage, error.errorAction].filter(Boolean).join(" ");
    }

    function pausedNow() {
      root.classList.remove("playing");
      toggle.setAttribute("aria-label", "재생");
    }
    function show() {
      const at = audio.currentTime || 0;
      seek.value = at;
      seek.setAttribute("aria-valuetext", `${spoken(at)}, 전체 ${spoken(length)}`);
      part("time").textContent = `${clock(at)} / ${clock(length)}`;
    }
    function playOrPause() {
      if (over) return;
      part("stop").replaceChildren();
      if (audio.paused) audio.play().catch(() => {}); else audio.pause();
    }
    /* Before the first sound nothing tells the picture: its mark is moved as well. */
    function moveTo(at) {
      wave?.setTime(at);
      audio.currentTime = at;
      show();
    }
    const go = (seconds) => moveTo(Math.min(Math.max(audio.currentTime + seconds, 0), length));
    function setSpeed(step) {
      const next = Math.min(Math.max(rates.indexOf(speed.value) + step, 0), rates.length - 1);
      speed.value = rates[next];
      audio.playbackRate = Number(speed.value);
    }

    async function draw(item) {
      wave?.destroy();
      wave = null;
      const stage = part("stage");
      const names = item.dataset.channels ? item.dataset.channels.split("|") : [];
      part("parties").replaceChildren(...names.map((name) => Object.assign(document.createElement("span"), { textContent: name })));
      try {
        const answer = await fetch(item.dataset.peaks, { headers: { Accept: "application/json" }, cache: "no-store" });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        const { peaks } = await answer.json();
        if (item.getAttribute("aria-current") !== "true") return;
        stage.hidden = false;
        const tones = [["--primary", "--primary-dark"], ["--wave-2", "--wave-2-done"]];
        const channels = peaks.map((_, i) => ({
          waveColor: color(tones[i % 2][0]), progressColor: color(tones[i % 2][1]), height: peaks.length > 1 ? 56 : 88 }));
        wave = WaveSurfer.create({
          container: part("wave"), media: audio, peaks, duration: length, cspNonce: root.nonce || undefined,
          splitChannels: channels, barWidth: 2, barGap: 1, barRadius: 1, cursorWidth: 2, cursorColor: color("--danger"), dragToSeek: true });
        wave.on("interaction", show);
      } catch {
        stage.hidden = true; /* the sound can be heard without its picture */
      }
    }
    function choose(item) {
      if (over) return;
      audio.pause();
      for (const other of items) other.removeAttribute("aria-current");
      item.setAttribute("aria-current", "true");
      length = Number(item.dataset.duration);
      part("title").textContent = item.dataset.label;
      part("when").textContent = item.dataset.when;
      audio.setAttribute("aria-label", item.dataset.label);
      if (audio.getAttribute("src") !== item.dataset.src) audio.src = item.dataset.src;
      audio.playbackRate = audio.defaultPlaybackRate = Number(speed.value);
      seek.max = Math.floor(length);
      show();
      draw(item);
    }

    audio.addEventListener("play", () => { root.classList.add("playing"); toggle.setAttribute("aria-label", "멈춤"); });
    audio.addEventListener("pause", pausedNow);
    audio.addEventListener("timeupdate", show);
    audio.addEventListener("error", () => { if (!over && audio.getAttribute("src")) findReason(); });
    toggle.addEventListener("click", playOrPause);
    seek.addEventListener("input", () => moveTo(Number(seek.value)));
    speed.addEventListener("change", () => setSpeed(0));
    for (const button of root.querySelectorAll("[data-player-skip]")) button.addEventListener("click", () => go(Number(button.dataset.playerSkip)));
    for (const item of items) item.addEventListener("click", () => choose(item));
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || over) return;
      const busy = event.target.matches("button, select, a");
      const keys = { ArrowLeft: () => go(-5), ArrowRight: () => go(5), "[": () => setSpeed(-1), "]": () => setSpeed(1) };
      if (event.key === " " && !busy) keys[" "] = playOrPause;
      if (!keys[event.key] || event.target.matches("select")) return;
      event.preventDefault();
      keys[event.key]();
    });
    root.addEventListener("contextmenu", (event) => { if (event.target === audio) event.preventDefault(); });

    if (root.dataset.endsAt) {
      const end = Date.parse(root.dataset.endsAt);
      const text = part("left-text");
      const tick = () => {
        if (over) { clearInterval(timer); part("left").hidden = true; return; }
        const left = Math.floor((end - Date.now()) / 1000);
        if (left <= 0) {
          clearInterval(timer);
          text.textContent = "청취 시간이 끝났습니다";
          if (!over) stop("청취 시간이 끝나 재생을 멈추었습니다. 더 들으시려면 인증번호를 다시 입력해 주십시오.", true);
          return;
        }
        part("left").classList.toggle("soon", left <= 300);
        text.textContent = left > 300 ? `청취 시간 ${Math.ceil(left / 60)}분 남음` : `청취 시간 ${spoken(left)} 남음`;
      };
      const timer = setInterval(tick, 1000);
      tick();
    }
    if (root.dataset.status) setInterval(askStatus, 5000);
    choose(items[0]);
  }
  const startAll = () => document.querySelectorAll("[data-player]").forEach(start);
  startAll();
  document.addEventListener("htmx:after:swap", startAll);
})();
