// Shows parts of HTML that the kernel made, and tells it what was pressed, typed or brushed.
// Nothing is decided here, and no text becomes markup here.

const MIN_DRAG = 4; // pixels: less is a press, not a stretch of time
const TYPING_PAUSE = 350;

function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "clinia-nb explorer";
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab has keys of its own, such as "d d"
  const said = (name) => {
    const line = document.createElement("div");
    line.className = name;
    line.setAttribute("role", "status");
    return line;
  };
  const [toast, counted] = [said("toast"), said("unseen")];
  const view = document.createElement("div"); // of the tab that is selected
  view.setAttribute("role", "tabpanel");
  view.id = `${model.get("twin")}-view`;
  root.append(view);
  el.append(root, toast, counted);
  // Only a kernel answers: without one, as in an exported page, the static view stands for it.
  root.hidden = true;
  const sections = new Map();
  const send = (act, arg) => model.send({ act, arg });

  const same = (a, b) => a && b && a.dataset.act === b.act && (a.dataset.arg || "") === b.arg;
  const keep = () => {
    const at = root.contains(document.activeElement) ? document.activeElement : null;
    if (!at) return null;
    const typed = at.matches("input") ? [at.value, at.selectionStart, at.selectionEnd] : null;
    return { act: at.dataset.act, arg: at.dataset.arg || "", name: at.name, typed, part: at.closest("[data-part]")?.dataset.part };
  };
  const restore = (was) => {
    if (!was || root.contains(document.activeElement)) return;
    const part = sections.get(was.part);
    let to = was.name && root.querySelector(`input[name="${was.name}"]`);
    if (!to && was.act) {
      const all = [...root.querySelectorAll("[data-act]")].filter((e) => e.dataset.act === was.act);
      to = all.find((e) => same(e, was) && part?.contains(e)) || all.find((e) => same(e, was)) || all.find((e) => part?.contains(e) && !e.disabled);
    }
    if (!to && part) { part.tabIndex = -1; to = part; } // a chip that was removed, say
    to?.focus({ preventScroll: true });
    if (was.typed && to?.matches("input")) {
      to.value = was.typed[0];
      if (to.type === "search") to.setSelectionRange(was.typed[1], was.typed[2]);
    }
  };

  function draw() {
    const [head, ...tab] = model.get("parts");
    const front = [...model.get("form"), ...(head ? [head] : [])];
    const was = keep();
    const names = new Set([...front, ...tab].map(([name]) => name));
    for (const [name, section] of sections) if (!names.has(name)) { section.remove(); sections.delete(name); }
    place(front, root);
    place(tab, view);
    for (const one of root.querySelectorAll("[role=tab]")) {
      one.setAttribute("aria-controls", view.id);
      if (one.ariaSelected === "true") view.setAttribute("aria-label", one.textContent);
    }
    const count = root.querySelector(".count")?.textContent ?? "";
    if (counted.textContent !== count) counted.textContent = count;
    fill();
    restore(was);
  }

  function place(parts, parent) {
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
      const next = before ? before.nextSibling : parent.firstChild;
      if (next !== section) parent.insertBefore(section, next);
      before = section;
    }
  }

  const fields = () => root.querySelectorAll(".choose [name]");
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
    if (at.matches("[role=tab]") && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      event.preventDefault();
      const tabs = [...at.parentNode.children];
      const step = { ArrowLeft: tabs.indexOf(at) - 1, ArrowRight: tabs.indexOf(at) + 1, Home: 0, End: -1 }[event.key];
      const to = tabs.at(step % tabs.length);
      to.focus();
      press(to);
    }
  });

  let pause;
  const narrow = (form) => {
    clearTimeout(pause);
    const { text, begins, ends } = form.elements;
    const timed = begins.value !== begins.defaultValue || ends.value !== ends.defaultValue;
    send("narrow", [text.value, timed ? [begins.value, ends.value] : null]);
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
