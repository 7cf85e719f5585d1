// Shows parts of HTML that the kernel made, and tells it what was pressed, typed or brushed.
// Nothing is decided here, and no text becomes markup here.

const MIN_DRAG = 4; // pixels: less is a press, not a stretch of time
const TYPING_PAUSE = 350;
const SAY_PAUSE = 3000; // between two announcements to who listens
let views = 0; // ids are the page's: one bulk may be shown twice there

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "clinia-nb explorer";
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", "Explorer of a bulk");
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab has keys of its own, such as "d d"
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  const live = document.createElement("div");
  live.className = "unseen";
  live.setAttribute("role", "status");
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.id = `${model.get("twin")}-panel-${++views}`;
  panel.tabIndex = 0;
  panel.setAttribute("role", "tabpanel");
  root.append(panel);
  el.append(root, toast, live);
  // Only a kernel answers: without one, as in an exported page, the static view stands for it.
  root.hidden = true;
  const sections = new Map();
  const send = (act, arg) => model.send({ act, arg });

  const same = (a, b) => b.act && a.dataset.act === b.act && (a.dataset.arg || "") === b.arg;
  const keep = () => {
    const at = root.contains(document.activeElement) ? document.activeElement : null;
    if (!at) return null;
    const typed = at.matches("input, select") ? [at.value, at.selectionStart, at.selectionEnd] : null;
    return { act: at.dataset.act, arg: at.dataset.arg || "", name: at.name, typed, part: at.closest("[data-part]")?.dataset.part };
  };
  const restore = (was) => {
    if (!was || root.contains(document.activeElement)) return;
    const part = sections.get(was.part);
    const all = [...root.querySelectorAll("button, input, select, .mark")].filter((e) => !e.disabled);
    const here = all.filter((e) => part?.contains(e));
    let to = (was.name && all.find((e) => e.name === was.name))
      || here.find((e) => same(e, was)) || all.find((e) => same(e, was))
      || here.find((e) => was.act && e.dataset.act === was.act);
    // What was pressed may be off by now, as is Stop once there is nothing to stop.
    if (!to && was.part === "choose") to = here.find((e) => e.dataset.act);
    if (!to && part) { part.tabIndex = -1; to = part; } // a chip that was removed, say
    to?.focus({ preventScroll: true });
    if (was.typed && to?.matches("input, select")) {
      to.value = was.typed[0];
      if (to.type === "search") to.setSelectionRange(was.typed[1], was.typed[2]);
    }
  };

  function draw() {
    const [head, ...shown] = model.get("parts");
    const above = [...model.get("form"), ...(head ? [head] : [])];
    const was = keep();
    const names = new Set([...above, ...shown].map(([name]) => name));
    for (const [name, section] of sections) if (!names.has(name)) { section.remove(); sections.delete(name); }
    place(above, root);
    place(shown, panel);
    panel.hidden = !shown.length;
    for (const tab of root.querySelectorAll("[role=tab]")) {
      tab.id = `${panel.id}-${JSON.parse(tab.dataset.arg)[0]}`;
      tab.setAttribute("aria-controls", panel.id);
      if (tab.getAttribute("aria-selected") === "true") panel.setAttribute("aria-labelledby", tab.id);
    }
    fill();
    restore(was);
    tell();
  }

  function place(parts, into) {
    let before = null;
    for (const [name, html, state] of parts) {
      let section = sections.get(name);
      if (!section) {
        section = document.createElement("section");
        section.dataset.part = name;
        sections.set(name, section);
      }
      section.className = `part part-${name} ${state}`;
      section.setAttribute("aria-busy", String(state !== ""));
      if (section.shown !== html) { section.innerHTML = html; section.shown = html; }
      const next = before ? before.nextSibling : into.firstChild;
      if (next !== section) into.insertBefore(section, next);
      before = section;
    }
  }

  // What is redrawn is not read out by itself: what changed of it is said here, now and then.
  const said = {};
  let silence;
  function tell() {
    if (silence) return;
    const news = [];
    for (const at of root.querySelectorAll("[data-say]")) {
      const words = at.textContent.replace(/\s+/g, " ").trim();
      if (said[at.dataset.say] !== words) news.push(words);
      said[at.dataset.say] = words;
    }
    if (!news.length) return;
    live.textContent = news.join(". ");
    silence = setTimeout(() => { silence = undefined; tell(); }, SAY_PAUSE);
  }

  const fields = () => root.querySelectorAll(".choose :is(input, select)");
  let turn = 0; // of what was typed last: an answer to something older is not for these fields
  function fill() {
    const chosen = model.get("chosen");
    if (chosen.turn !== turn && turn) return;
    for (const field of fields()) if (field.value !== chosen[field.name]) field.value = chosen[field.name];
  }
  function choosing() {
    const [source, kind, bulk] = [...fields()].map((field) => field.value);
    turn = Date.now();
    send("choose", [source, kind, bulk, turn]);
  }

  const press = (at) => {
    if (at.disabled) return;
    if ("copy" in at.dataset) return copy(at);
    send(at.dataset.act, at.dataset.arg ? JSON.parse(at.dataset.arg) : []);
  };
  const pressed = (event) => event.target.closest?.("button[data-act], button[data-copy], .mark");
  root.addEventListener("click", (event) => {
    const at = pressed(event);
    if (at && root.contains(at)) press(at);
  });
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const at = event.target;
    if (at.matches(".mark") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      press(at);
    }
    if (at.matches(".mark") && event.key.startsWith("Arrow")) {
      event.preventDefault();
      beside(at, event.key)?.focus();
    }
    if (at.matches("[role=tab]") && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      event.preventDefault();
      const tabs = [...at.parentNode.children];
      const step = { ArrowLeft: tabs.indexOf(at) - 1, ArrowRight: tabs.indexOf(at) + 1, Home: 0, End: -1 }[event.key];
      const to = tabs.at(step % tabs.length);
      to.focus();
      press(to);
    }
  });

  // Of the marks of a chart one is in the order of Tab; arrow keys go on from it.
  const beside = (mark, key) => {
    const middle = (e) => { const box = e.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; };
    const [axis, way] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] }[key];
    const from = middle(mark);
    const far = (e) => { const to = middle(e); const along = way * (to[axis] - from[axis]); return along > 1 ? along + 3 * Math.abs(to[1 - axis] - from[1 - axis]) : Infinity; };
    const ahead = [...mark.ownerSVGElement.querySelectorAll(".mark")].map((e) => [far(e), e]).filter(([d]) => d < Infinity);
    return ahead.sort(([a], [b]) => a - b)[0]?.[1];
  };
  root.addEventListener("focusin", ({ target }) => {
    if (!target.matches(".mark")) return;
    for (const mark of target.ownerSVGElement.querySelectorAll(".mark")) mark.setAttribute("tabindex", mark === target ? "0" : "-1");
  });

  let pause;
  const narrow = (form) => {
    clearTimeout(pause);
    const { text, begins, ends } = form.elements;
    // Browsers write times their own way: what was left alone is sent as it came.
    const times = [begins, ends].map((field) => {
      const before = Object.assign(field.cloneNode(), { value: field.defaultValue });
      return field.value === before.value ? field.defaultValue : field.value;
    });
    const timed = times[0] !== begins.defaultValue || times[1] !== ends.defaultValue;
    send("narrow", [text.value, timed ? times : null]);
  };
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.dataset.act === "narrow") return narrow(event.target);
    choosing();
    send("load", []);
  });
  root.addEventListener("input", (event) => {
    if (event.target.closest(".choose")) choosing();
    if (event.target.type !== "search") return;
    clearTimeout(pause);
    pause = setTimeout(() => narrow(event.target.form), TYPING_PAUSE);
  });

  root.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest?.("svg[data-brush]");
    if (!svg || event.button !== 0) return;
    const [left, top, width, height, first, last] = JSON.parse(svg.dataset.brush);
    const band = svg.querySelector(".band");
    const where = (e) => {
      const at = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return Math.min(Math.max(at.x - left, 0), width);
    };
    const start = where(event);
    const show = (e) => {
      const [low, high] = [start, where(e)].sort((a, b) => a - b);
      band.setAttribute("x", left + low);
      band.setAttribute("width", high - low);
      return [low, high];
    };
    const stop = () => {
      window.removeEventListener("pointermove", show);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", stop);
    };
    const end = (e) => {
      stop();
      const [low, high] = show(e);
      const ms = (x) => first + (x / width) * (last - first);
      if (high - low >= MIN_DRAG) send("brush", [ms(low), ms(high)]);
      else band.setAttribute("width", "0.00");
    };
    event.preventDefault();
    window.addEventListener("pointermove", show);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", stop);
  });

  async function copy(at) {
    const text = at.previousElementSibling.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      at.focus();
    }
    toast.textContent = "Copied.";
  }

  const receive = (message, buffers) => {
    if (message.hello) {
      root.hidden = false;
      hideStatic(model.get("twin"));
    }
    if (message.say !== undefined) toast.textContent = message.say;
    if (!message.file) return;
    const url = URL.createObjectURL(new Blob(buffers, { type: message.type }));
    const link = Object.assign(document.createElement("a"), { href: url, download: message.file });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  model.on("change:parts change:form", draw);
  model.on("change:chosen", fill);
  model.on("msg:custom", receive);
  draw();
  send("ready", []);
  return () => {
    clearTimeout(pause);
    clearTimeout(silence);
    model.off("change:parts change:form", draw);
    model.off("change:chosen", fill);
    model.off("msg:custom", receive);
  };
}

// The static view of the same explorer stands before it for readers without a kernel.
function hideStatic(twin) {
  if (!twin || document.getElementById(`hide-${twin}`)) return;
  const style = document.createElement("style");
  style.id = `hide-${twin}`;
  style.textContent = `.${twin} { display: none !important; }`;
  document.head.append(style);
}

export default { render };
