/* Filing: what was typed is read back beside its field, and Form 1 fills in beside the form.
   Nothing is blocked or rewritten while somebody types or pastes; the server decides. */
(() => {
  "use strict";
  const form = document.querySelector("#filing, #official");
  if (!form) return;
  const digits = (text) => text.normalize("NFKC").replace(/\D/g, "");
  const shapes = [[/^02/, 2], [/^050\d/, 4], [/^0\d\d/, 3], [/^1[5-9]\d\d/, 4]];

  function phone(text) {
    if (!/\d/.test(text)) return /모름/.test(text) ? ["ok", "번호를 모르는 것으로 적습니다."] : ["bad", "숫자로 적어 주십시오. 모르면 '모름'이라고 적습니다."];
    const number = digits(text.replace(/^\s*(?:\+|00)\s*82[\s-]*/, "0")).replace(/^00/, "0");
    if (number.length <= 5) return ["ok", `내선 ${number}`];
    const head = shapes.find(([shape]) => shape.test(number))?.[1] ?? 0;
    const rest = number.length - head;
    if (head === 4 && number[0] === "1" ? rest !== 4 : rest < 7 || rest > 8) return ["bad", `숫자 ${number.length}자리입니다. 번호를 다시 확인해 주십시오.`];
    return ["ok", [number.slice(0, head), number.slice(head, -4), number.slice(-4)].filter(Boolean).join("-")];
  }
  const contact = (text) => text.includes("@")
    ? (/^\S+@\S+\.\S+$/.test(text) ? ["ok", text] : ["bad", "전자우편 주소를 다시 확인해 주십시오."]) : phone(text);
  function day(text) {
    const number = digits(text);
    if (number.length !== 8) return ["bad", `연월일 8자리로 적습니다 (지금 ${number.length}자리). 예: 19800304`];
    const [y, m, d] = [number.slice(0, 4), number.slice(4, 6), number.slice(6)].map(Number);
    const date = new Date(y, m - 1, d);
    const real = date.getMonth() === m - 1 && date.getDate() === d && date <= new Date() && y > 1880;
    return real ? ["ok", `${y}년 ${m}월 ${d}일`] : ["bad", "없는 날짜입니다. 다시 확인해 주십시오."];
  }
  function business(text) {
    const n = digits(text);
    if (n.length !== 10) return ["bad", `숫자 10자리입니다 (지금 ${n.length}자리).`];
    const sum = [1, 3, 7, 1, 3, 7, 1, 3, 5].reduce((total, by, i) => total + by * n[i], Math.floor((n[8] * 5) / 10));
    if ((sum + Number(n[9])) % 10) return ["bad", "끝자리가 맞지 않습니다. 번호를 다시 확인해 주십시오."];
    return ["ok", `${n.slice(0, 3)}-${n.slice(3, 5)}-${n.slice(5)}`];
  }
  const corporate = (text) => digits(text).length === 13 ? ["ok", "13자리입니다."] : ["bad", `숫자 13자리입니다 (지금 ${digits(text).length}자리).`];
  const length = (text, field) => ["ok", `${text.length.toLocaleString("ko")}자 / ${field.maxLength.toLocaleString("ko")}자`];
  const readers = { phone, contact, day, business, corporate, length };

  function help(field) {
    let line = document.getElementById(`${field.id}-help`);
    if (!line) {
      line = Object.assign(document.createElement("p"), { id: `${field.id}-help`, className: "help" });
      field.after(line);
      field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));
    }
    const text = field.value.trim();
    const [tone, said] = text ? readers[field.dataset.help](text, field) : ["", ""];
    line.classList.toggle("doubt", tone === "bad");
    if (line.textContent !== said) line.textContent = said;
  }

  const paper = document.querySelector("[data-paper]");
  const shown = (name) => {
    const fields = [...form.querySelectorAll(`[name="${name}"]`)];
    const field = fields.find((one) => one.checked) || (fields[0]?.type === "radio" ? null : fields[0]);
    if (!field) return "";
    if (field.type === "datetime-local") return field.value.replace("T", " ").replaceAll("-", ". ").replace(/(\d) (\d\d:)/, "$1. $2");
    const read = field.dataset.help && field.value.trim() && readers[field.dataset.help](field.value.trim(), field);
    return read && read[0] === "ok" && ["phone", "contact", "day", "business"].includes(field.dataset.help) && !/모름/.test(field.value) ? read[1] : field.value;
  };
  function fill() {
    for (const cell of paper?.querySelectorAll("[data-paper-from]") || []) {
      cell.textContent = cell.dataset.paperFrom.split(" ").map(shown).filter(Boolean).join(cell.dataset.paperJoin || " ");
    }
    for (const word of paper?.querySelectorAll("[data-paper-kind]") || []) word.classList.toggle("struck", word.dataset.paperKind !== shown("disclosure_type"));
  }

  form.addEventListener("input", (event) => {
    if (event.target.dataset.help) help(event.target);
    fill();
  });
  form.addEventListener("change", fill);
  for (const field of form.querySelectorAll("[data-help]")) if (field.value) help(field);
  fill();
})();
