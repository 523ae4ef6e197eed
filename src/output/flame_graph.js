"use strict";
(() => {
  const page = document.documentElement;
  const field = document.getElementById("search");
  const reset = document.getElementById("reset");
  const info = document.getElementById("info");
  const infoText = info.querySelector("text");
  const SVG = "http://www.w3.org/2000/svg";
  const MARGIN = 4; // pixels on both sides of a frame's name

  const percent = (part, whole) => (whole > 0 ? (100 * part / whole).toFixed(2) : "0.00") + " %";

  // Frames are in the order of the document: each followed by those on top of it, left to right.
  const readFrame = (element, graph) => {
    const details = element.querySelector("title").textContent;
    const frame = {
      element, graph, details, name: details.slice(0, details.lastIndexOf(" (")),
      start: Number(element.dataset.s), value: Number(element.dataset.n), depth: Number(element.dataset.d),
      text: element.querySelector("text"),
    };
    element.hawk = frame;
    element.setAttribute("tabindex", frame.depth === 0 ? "0" : "-1");
    return frame;
  };
  const graphs = [...document.querySelectorAll(".graph")].map((element) => {
    const graph = { element, matched: element.parentNode.querySelector(`#${element.id}-matched`) };
    graph.frames = [...element.querySelectorAll(".frame")].map((each) => readFrame(each, graph));
    graph.zoomed = graph.frames[0];
    return graph;
  }).filter((graph) => graph.frames.length > 0);

  const letterWidth = (() => {
    if (graphs.length === 0) return 7;
    const probe = document.createElementNS(SVG, "text");
    probe.textContent = "MMMMMMMMMM";
    graphs[0].frames[0].element.appendChild(probe);
    const width = probe.getComputedTextLength() / 10;
    probe.remove();
    return width > 0 ? width : 7;
  })();

  const holds = (outer, inner) => outer.start <= inner.start && outer.start + outer.value >= inner.start + inner.value;

  // As much of the name as there is room for.
  const label = (frame, pixels) => {
    const letters = Math.floor((pixels - 2 * MARGIN) / letterWidth);
    let text = "";
    if (letters >= 3) text = frame.name.length <= letters ? frame.name : frame.name.slice(0, letters - 1) + "\u2026";
    if (text && !frame.text) {
      frame.text = document.createElementNS(SVG, "text");
      frame.text.setAttribute("x", MARGIN);
      frame.text.setAttribute("y", "12.5");
      frame.element.appendChild(frame.text);
    }
    if (frame.text) frame.text.textContent = text;
  };

  const layOut = (graph) => {
    const zoomed = graph.zoomed;
    const pixels = graph.element.width.baseVal.value;
    for (const frame of graph.frames) {
      const below = frame.depth < zoomed.depth && holds(frame, zoomed);
      frame.shown = below || (frame.depth >= zoomed.depth && holds(zoomed, frame));
      frame.inside = frame.shown && !below;
      frame.element.style.display = frame.shown ? "" : "none";
      if (!frame.shown) continue;
      const share = below ? 1 : frame.value / zoomed.value;
      frame.element.setAttribute("x", (below ? 0 : 100 * (frame.start - zoomed.start) / zoomed.value) + "%");
      frame.element.setAttribute("width", 100 * share + "%");
      frame.element.classList.toggle("below", below);
      label(frame, share * pixels);
    }
  };

  const pattern = () => {
    field.classList.remove("wrong");
    if (field.value === "") return null;
    try {
      return new RegExp(field.value, "i");
    } catch {
      field.classList.add("wrong");
      return null;
    }
  };

  // A match on top of a match counts once.
  const search = () => {
    const wanted = pattern();
    page.classList.toggle("searching", wanted !== null);
    for (const graph of graphs) {
      let sum = 0, end = 0;
      for (const frame of graph.frames) {
        const hit = wanted !== null && wanted.test(frame.name);
        frame.element.classList.toggle("hit", hit);
        if (!hit || !frame.inside || frame.start < end) continue;
        sum += frame.value;
        end = frame.start + frame.value;
      }
      const where = graph.zoomed.depth > 0 ? " of what is shown" : "";
      graph.matched.textContent = wanted ? `matched: ${percent(sum, graph.zoomed.value)}${where}` : "";
    }
  };

  const zoom = (frame) => {
    frame.graph.zoomed = frame;
    layOut(frame.graph);
    search();
    reset.style.display = graphs.some((graph) => graph.zoomed.depth > 0) ? "" : "none";
  };
  const zoomOut = () => graphs.forEach((graph) => zoom(graph.frames[0]));

  // Along the lower edge of the window.
  const placeInfo = () => {
    const y = Math.min(window.scrollY + window.innerHeight, page.getBoundingClientRect().height) - 26;
    info.setAttribute("transform", `translate(0, ${y})`);
  };
  const describe = (frame) => {
    info.style.display = frame ? "" : "none";
    if (!frame) return;
    const zoomed = frame.graph.zoomed;
    const extra = zoomed.depth > 0 && frame.inside ? `, ${percent(frame.value, zoomed.value)} of ${zoomed.name}` : "";
    infoText.textContent = frame.details + extra;
    placeInfo();
  };

  const frameAt = (event) => event.target.closest?.(".frame")?.hawk;
  const neighbour = (frame, step) => {
    const row = frame.graph.frames.filter((other) => other.depth === frame.depth && other.shown);
    return row[row.indexOf(frame) + step];
  };
  const moves = {
    ArrowUp: (frame) => frame.graph.frames.filter((other) => other.shown && other.depth === frame.depth + 1 && holds(frame, other))
      .reduce((best, other) => (best && best.value >= other.value ? best : other), undefined),
    ArrowDown: (frame) => frame.graph.frames.find((other) => other.depth === frame.depth - 1 && holds(other, frame)),
    ArrowLeft: (frame) => neighbour(frame, -1),
    ArrowRight: (frame) => neighbour(frame, 1),
  };
  const moveTo = (from, to) => {
    if (!to) return;
    from.element.setAttribute("tabindex", "-1");
    to.element.setAttribute("tabindex", "0");
    to.element.focus();
  };

  const onKey = (event) => {
    const frame = frameAt(event);
    const acts = event.key === "Enter" || event.key === " ";
    if (event.key === "Escape") {
      field.value = "";
      zoomOut();
    } else if (event.target === field) {
      return;
    } else if (event.key === "/" || ((event.ctrlKey || event.metaKey) && event.key === "f")) {
      field.focus();
      field.select();
    } else if (acts && event.target === reset) {
      zoomOut();
    } else if (acts && frame) {
      zoom(frame);
    } else if (frame && moves[event.key]) {
      moveTo(frame, moves[event.key](frame));
    } else {
      return;
    }
    event.preventDefault();
  };

  page.classList.add("js");
  reset.style.display = "none";
  info.style.display = "none";
  page.addEventListener("click", (event) => { const frame = frameAt(event); if (frame) zoom(frame); });
  page.addEventListener("mouseover", (event) => describe(frameAt(event)));
  page.addEventListener("focusin", (event) => describe(frameAt(event)));
  page.addEventListener("keydown", onKey);
  reset.addEventListener("click", zoomOut);
  field.addEventListener("input", search);
  window.addEventListener("scroll", placeInfo);
  window.addEventListener("resize", () => { graphs.forEach(layOut); placeInfo(); });
  graphs.forEach(layOut);

  // What everything stands on is seen first, however high it is.
  if (graphs.length > 0) {
    const SPACE = 40; // pixels below it, for what is said about a frame
    const below = graphs[0].frames[0].element.getBoundingClientRect().bottom + SPACE - window.innerHeight;
    if (below > 0) window.scrollBy(0, below);
  }
})();
