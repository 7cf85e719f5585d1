// Shows sections of HTML that the kernel made, and sends it what was pressed, typed or brushed.
// Nothing is decided here, and no text becomes markup here.

const MIN_DRAG = 4; // pixels: less is a click, not a stretch of time
const TYPING_PAUSE = 350;
const SAY_PAUSE = 3000; // between two announcements to screen readers
const PATIENCE = 6000; // for an answer of the kernel
const SILENT = "No answer from the kernel. It is busy, or it was restarted: if so, run this cell again.";
const GONE = "Disconnected: the kernel was stopped or restarted. Run this cell again.";
let views = 0; // element ids are unique in the page: one bulk may be shown twice there

function render({ model, el }) {
  const make = (name, role) => {
    const made = document.createElement("div");
    made.className = name;
    if (role) made.setAttribute("role", role);
    return made;
  };
  const root = make("clinia-nb explorer", "region");
  root.setAttribute("aria-label", "Explorer of a bulk");
  // Jupyter has single-key shortcuts, such as "d d", and Notebook acts on them before the panel sees
  // the key, unless the element with the focus is so marked. Ctrl+S and the like are left to it.
  const isShortcut = (event) => event.ctrlKey || event.metaKey || event.altKey;
  const suppress = (event) => {
    if (root.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !isShortcut(event));
  };
  window.addEventListener("keydown", suppress, true);
  const offline = make("alert offline", "alert");
  const toast = make("toast", "status");
  const live = make("unseen", "status");
  const panel = make("panel", "tabpanel");
  const view = `${model.get("twin")}-panel-${++views}`;
  panel.id = view;
  panel.tabIndex = 0;
  root.append(offline, panel, toast, live);
  const hideTip = watchMarks(root);
  el.append(root);
  // Only a kernel answers: without one, as in an exported page, the static view stands for it.
  root.hidden = true;
  offline.hidden = true;
  const sections = new Map();
  const active = () => root.getRootNode().activeElement; // also within a shadow root

  let waiting;
  const away = (words) => { offline.textContent = words; offline.hidden = !words; };
  const answered = () => { clearTimeout(waiting); waiting = undefined; away(""); };
  const send = (message) => {
    model.send(message);
    if (message.act !== "ready") toast.textContent = ""; // that was about what was asked before
    waiting ??= setTimeout(() => away(SILENT), PATIENCE);
  };

  const asked = (at) => (at.dataset.ask ? JSON.parse(at.dataset.ask) : {});
  const keep = () => {
    const at = root.contains(active()) ? active() : null;
    if (!at) return null;
    const typed = at.matches("input:not([type=checkbox]), select") ? [at.value, at.selectionStart, at.selectionEnd] : null;
    return { ask: at.dataset.ask, act: asked(at).act, name: at.name, typed, part: at.closest("[data-part]")?.dataset.part };
  };
  const restore = (was) => {
    if (!was || root.contains(active())) return;
    const part = sections.get(was.part);
    const all = [...root.querySelectorAll("button, input, select, .mark")].filter((e) => !e.disabled);
    const here = all.filter((e) => part?.contains(e));
    const same = (e) => was.ask && e.dataset.ask === was.ask;
    let to = (was.name && all.find((e) => e.name === was.name))
      || here.find(same) || all.find(same) || here.find((e) => was.act && asked(e).act === was.act);
    // What was pressed may be disabled by now, as is Stop once there is nothing to stop.
    if (!to && was.part === "choose") to = here.find((e) => e.dataset.ask);
    if (!to && part) { part.tabIndex = -1; to = part; } // a filter that was removed, for example
    to?.focus({ preventScroll: true });
    if (was.typed && to?.matches("input, select") && !(to.matches(".moment") && applied.includes(was.typed[0]))) {
      to.value = was.typed[0];
      if (to.type === "search") to.setSelectionRange(was.typed[1], was.typed[2]);
    }
  };

  function draw() {
    hideTip();
    const [head, ...shown] = model.get("parts");
    const above = [...model.get("form"), ...(head ? [head] : [])];
    const was = keep();
    const names = new Set([...above, ...shown].map(([name]) => name));
    for (const [name, section] of sections) if (!names.has(name)) { section.remove(); sections.delete(name); }
    place(above, root, offline);
    place(shown, panel);
    panel.hidden = !shown.length;
    for (const tab of root.querySelectorAll("[role=tab]")) {
      tab.id = `${view}-${asked(tab).name}`;
      tab.setAttribute("aria-controls", view);
      if (tab.getAttribute("aria-selected") !== "true") continue;
      panel.setAttribute("aria-labelledby", tab.id);
      panel.dataset.tab = asked(tab).name;
    }
    fill();
    restore(was);
    announce();
  }

  function place(parts, into, before = null) {
    for (const [name, html, state] of parts) {
      let section = sections.get(name);
      if (!section) {
        section = document.createElement("section");
        section.dataset.part = name;
        sections.set(name, section);
      }
      section.className = `part part-${name} ${state}`;
      section.setAttribute("aria-busy", String(state !== ""));
      if (section.shown !== html) {
        const open = section.querySelector("details.columns")?.open; // several are chosen in turn
        section.innerHTML = html;
        section.shown = html;
        if (open) section.querySelector("details.columns")?.setAttribute("open", "");
      }
      const next = before ? before.nextSibling : into.firstChild;
      if (next !== section) into.insertBefore(section, next);
      before = section;
    }
  }

  // What is redrawn is not read out by itself: what changed is announced here, now and then.
  const said = {};
  let silence;
  function announce() {
    if (silence) return;
    const news = [];
    for (const at of root.querySelectorAll("[data-say]")) {
      const words = at.textContent.replace(/\s+/g, " ").trim();
      if (said[at.dataset.say] !== words) news.push(words);
      said[at.dataset.say] = words;
    }
    if (!news.length) return;
    live.textContent = news.join(". ");
    silence = setTimeout(() => { silence = undefined; announce(); }, SAY_PAUSE);
  }

  const fields = () => root.querySelectorAll(".choose :is(input, select)");
  let turn = 0; // of what was typed last: an answer to something older is not for these fields
  function fill() {
    const chosen = model.get("chosen");
    root.classList.toggle("stale", Boolean(chosen.stale));
    if (chosen.turn !== turn && turn) return;
    for (const field of fields()) if (field.value !== chosen[field.name]) field.value = chosen[field.name];
  }
  const choose = (message) => {
    turn = Date.now();
    send({ act: "choose", ...message, turn });
  };
  const typed = () => choose(Object.fromEntries([...fields()].map((field) => [field.name, field.value])));

  const menus = () => root.querySelectorAll("[aria-controls][aria-expanded][data-menu]");
  const menuOf = (button) => root.querySelector(`.menu[data-for="${button.dataset.menu}"]`);
  const openMenu = (button, open) => {
    for (const other of menus()) {
      const on = other === button && open;
      other.setAttribute("aria-expanded", String(on));
      menuOf(other)?.toggleAttribute("data-open", on);
    }
    if (open) menuOf(button)?.querySelector("button")?.focus();
  };

  const sheet = () => root.querySelector("details.columns[open]");
  const press = (at) => {
    if (at.disabled) return;
    if (at.dataset.menu) return openMenu(at, at.getAttribute("aria-expanded") !== "true");
    if ("copy" in at.dataset) return copy(at.previousElementSibling.textContent, at);
    const message = asked(at);
    openMenu(null, false);
    if (message.act === "choose") return choose(message);
    send(["download", "copy"].includes(message.act) ? { ...message, view } : message);
  };
  root.addEventListener("click", (event) => {
    if (!event.target.closest("details.columns")) sheet()?.removeAttribute("open");
    const at = event.target.closest("button[data-ask], button[data-copy], button[data-menu], .mark");
    if (at) return press(at);
    if (!event.target.closest(".menu")) openMenu(null, false);
    const row = event.target.closest("tr[data-ask]");
    const idle = !event.target.closest("button, input, select, label, pre") && !String(window.getSelection());
    if (row && idle) press(row);
  });
  root.addEventListener("keydown", (event) => {
    if (!isShortcut(event)) event.stopPropagation();
    const at = event.target;
    if (event.key === "Escape") return escape(at);
    if (at.matches(".mark") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      press(at);
    }
    if (at.matches(".mark") && event.key.startsWith("Arrow")) {
      event.preventDefault();
      beside(at, event.key)?.focus();
    }
    const tabs = [...(at.closest("[role=tablist], .menu")?.querySelectorAll("[role=tab], [role=option]") ?? [])];
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const end = { Home: 0, End: -1 }[event.key];
    if (!tabs.includes(at) || (step ?? end) === undefined) return;
    event.preventDefault();
    const to = tabs.at(end ?? (tabs.indexOf(at) + step) % tabs.length);
    to.focus();
    if (to.matches("[role=tab]")) press(to);
  });
  const escape = (at) => {
    const menu = [...menus()].find((button) => button.getAttribute("aria-expanded") === "true");
    if (menu) { openMenu(null, false); return menu.focus(); }
    if (at.closest(".choose")) return;
    const columns = sheet();
    if (columns) { columns.open = false; return columns.firstElementChild.focus(); }
    clearTimeout(pause);
    if (at.type === "search") at.value = at.defaultValue = "";
    const receipt = root.querySelector(".receipts [aria-expanded=true]");
    if (receipt && !root.querySelector(".chip")) return press(receipt);
    send({ act: "drop" });
  };

  let pause, applied = []; // times that were sent: the answer says how they were understood
  const narrow = (form) => {
    clearTimeout(pause);
    const { text, begins, ends } = form.elements;
    const times = (applied = [begins.value, ends.value]);
    const timed = times[0] !== begins.defaultValue || times[1] !== ends.defaultValue;
    send({ act: "narrow", text: text.value, times: timed ? times : null });
  };
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target.closest("form");
    if (form.matches(".narrow")) return narrow(form);
    typed();
    send({ act: "load" });
  });
  root.addEventListener("input", ({ target }) => {
    if (target.closest(".choose")) typed();
    if (target.type !== "search") return;
    clearTimeout(pause);
    pause = setTimeout(() => narrow(target.closest("form")), TYPING_PAUSE);
  });
  root.addEventListener("change", ({ target }) => {
    if (target.dataset.ask) send(target.matches("select") ? { ...asked(target), value: target.value } : asked(target));
  });

  root.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest?.("svg[data-brush]");
    if (!svg || event.button !== 0) return;
    const [left, , width, , first, last] = JSON.parse(svg.dataset.brush);
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
      // A chart that was replaced meanwhile may be of another bulk.
      if (svg.isConnected && high - low >= MIN_DRAG) send({ act: "brush", begins: ms(low), ends: ms(high) });
      else band.setAttribute("width", "0.00");
    };
    event.preventDefault();
    panel.focus({ preventScroll: true }); // for the Escape that takes it back
    window.addEventListener("pointermove", show);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", stop);
  });

  async function copy(text, at) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      at?.focus();
    }
    toast.textContent = "Copied.";
  }

  const receive = (message, buffers) => {
    answered();
    if (message.hello) {
      root.hidden = false;
      hideStatic(model.get("twin"));
    }
    if (message.say !== undefined) toast.textContent = message.say;
    if (message.view && message.view !== view) return; // another view of this panel asked
    if (message.copy !== undefined) copy(message.copy, active());
    if (!message.file) return;
    const url = URL.createObjectURL(new Blob(buffers, { type: message.type }));
    const link = Object.assign(document.createElement("a"), { href: url, download: message.file });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  const lost = () => away(GONE); // what is received later takes it back
  const heard = [["change:parts", draw], ["change:form", draw], ["change:chosen", fill], ["msg:custom", receive], ["comm_live_update", lost]];
  for (const [name, react] of heard) model.on(name, react);
  draw();
  // Charts are drawn for the width that is there.
  let resized, width = 0;
  const resizing = new ResizeObserver(([{ contentRect }]) => {
    clearTimeout(resized);
    const measure = () => { width = contentRect.width; send({ act: "ready", width }); };
    if (contentRect.width && contentRect.width !== width) resized = setTimeout(measure, width ? TYPING_PAUSE : 0);
  });
  send({ act: "ready", width });
  resizing.observe(root);
  return () => {
    for (const timer of [pause, silence, waiting, resized]) clearTimeout(timer);
    resizing.disconnect();
    window.removeEventListener("keydown", suppress, true);
    for (const [name, react] of heard) model.off(name, react);
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
