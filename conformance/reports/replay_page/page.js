
// The page: filters, steps and the address, which say together what is seen.
(() => {
  const EMPTY = {line: "", q: "", peer: "", kind: "", only: ""};
  const MOST_LISTED = 200;
  const MOST_PRINTED = 1000;
  let asked = {...EMPTY};
  let shown = new Int32Array(0);
  let chosen = -1;

  // The address.
  let timer = 0;
  function write() {
    // Browsers refuse too many changes of the address in a short time.
    clearTimeout(timer);
    timer = setTimeout(() => keepInAddress(asked, EMPTY), 60);
  }

  // The filters.
  function peerShown() {
    const peer = trace.peers.findIndex(one => one.name === asked.peer);
    return peer < 0 ? null : peer;
  }

  function left() {
    const peer = peerShown();
    const wanted = asked.q.toLowerCase();
    const kept = new Int32Array(trace.count);
    let count = 0;
    for (let row = 0; row < trace.count; row += 1) {
      if (peer !== null && trace.peer(row) !== peer) continue;
      if (asked.kind && trace.kind(row) !== asked.kind) continue;
      if (asked.only && !trace.found.has(row)) continue;
      if (wanted && !searched(row).includes(wanted)) continue;
      kept[count] = row;
      count += 1;
    }
    return kept.slice(0, count);
  }

  function searched(row) {
    const found = (trace.found.get(row) ?? []).map(one => ` ${one.id} ${one.message}`).join("");
    return `${trace.text(row)} ${trace.signaling(row).join(" ")}${found}`.toLowerCase();
  }

  function refilter() {
    const before = chosen >= 0 ? shown[chosen] : begin();
    shown = left();
    chosen = shown.length ? Math.min(trace.placeOf(shown, before), shown.length - 1) : -1;
    byId("nothing").hidden = shown.length > 0;
    byId("slider").max = Math.max(0, shown.length - 1);
    byId("count").textContent = shown.length === trace.count ? `${trace.count} observations` : `${shown.length} of ${trace.count} observations`;
    drawing.show(shown, chosen, peerShown());
    ticks();
    showFilters();
    told();
  }

  function showFilters() {
    for (const name of ["q", "peer", "kind"]) if (byId(name).value !== asked[name]) byId(name).value = asked[name];
    byId("only").checked = asked.only !== "";
  }

  function filter(changes) {
    Object.assign(asked, changes);
    refilter();
    write();
  }

  // The findings along the slider, as many as can be told apart.
  function ticks() {
    const strip = byId("ticks");
    const worst = new Map();
    const PARTS = 400;
    strip.setAttribute("viewBox", `0 0 ${PARTS} 10`);
    for (const row of trace.foundRows) {
      const place = trace.placeOf(shown, row);
      if (shown[place] !== row) continue;
      const part = Math.round(place / Math.max(1, shown.length - 1) * (PARTS - 2));
      worst.set(part, [...(worst.get(part) ?? []), ...trace.found.get(row)]);
    }
    strip.replaceChildren(...[...worst].map(([part, list]) =>
      drawing.svg("rect", {x: part, y: 0, width: 2, height: 10, class: drawing.worst(list)})));
  }

  // The steps.
  function told() {
    const row = chosen < 0 ? -1 : shown[chosen];
    moment.show(row);
    const slider = byId("slider");
    slider.value = Math.max(0, chosen);
    slider.setAttribute("aria-valuetext", row < 0 ? "nothing" : `line ${trace.line(row)} of ${trace.line(trace.count - 1)}`);
    for (const one of document.querySelectorAll("#findings a")) {
      one.setAttribute("aria-current", row >= 0 && Number(one.dataset.line) === trace.line(row));
    }
  }

  function go(place) {
    if (!shown.length) return;
    chosen = Math.max(0, Math.min(shown.length - 1, place));
    drawing.choose(chosen);
    told();
    asked.line = String(trace.line(shown[chosen]));
    write();
  }

  // To a line, whatever the filters hide: they give way.
  function goToLine(line) {
    const row = trace.rowAt(line);
    if (shown[trace.placeOf(shown, row)] !== row) {
      Object.assign(asked, {...EMPTY});
      refilter();
    }
    go(trace.placeOf(shown, row));
  }

  function goToFinding(direction) {
    const rows = trace.foundRows;
    const here = chosen < 0 ? 0 : shown[chosen];
    const at = trace.placeOf(rows, here);
    let place = direction > 0 ? (rows[at] === here ? at + 1 : at) : at - 1;
    while (place >= 0 && place < rows.length && shown[trace.placeOf(shown, rows[place])] !== rows[place]) place += direction;
    if (place < 0 || place >= rows.length) {
      byId("count").textContent = direction > 0 ? "There is no finding after this one." : "There is no finding before this one.";
      return;
    }
    go(trace.placeOf(shown, rows[place]));
  }

  const KEYS = {
    ArrowUp: () => go(chosen - 1), ArrowDown: () => go(chosen + 1), ArrowLeft: () => go(chosen - 1), ArrowRight: () => go(chosen + 1),
    PageUp: () => go(chosen - drawing.page()), PageDown: () => go(chosen + drawing.page()),
    Home: () => go(0), End: () => go(shown.length - 1), n: () => goToFinding(1), p: () => goToFinding(-1),
    "/": () => { byId("q").focus(); byId("q").select(); },
  };

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [target, key] = [event.target, event.key];
    if (target.id === "q" && (key === "Escape" || key === "Enter")) {
      event.preventDefault();
      byId("scroll").focus();
    }
    if (!Object.hasOwn(KEYS, key) || target.matches("select, textarea, input:not([type=range], [type=checkbox])")) return;
    const isLetter = key.length === 1;
    if (!isLetter && (target.id === "slider" || target.closest("#moment, details"))) return;
    event.preventDefault();
    KEYS[key]();
  });

  byId("slider").addEventListener("input", event => go(Number(event.target.value)));
  byId("back").addEventListener("click", () => go(chosen - 1));
  byId("forth").addEventListener("click", () => go(chosen + 1));
  byId("previous").addEventListener("click", () => goToFinding(-1));
  byId("next").addEventListener("click", () => goToFinding(1));
  byId("rows").addEventListener("click", event => {
    const row = event.target.closest(".row");
    if (row) go(trace.placeOf(shown, Number(row.id.slice(4))));
  });
  document.addEventListener("click", event => {
    const anchor = event.target.closest("a[data-line]");
    if (!anchor) return;
    event.preventDefault();
    goToLine(Number(anchor.dataset.line));
    byId("scroll").focus({preventScroll: true});
  });

  byId("filters").addEventListener("submit", event => event.preventDefault());
  byId("filters").addEventListener("reset", event => { event.preventDefault(); filter({...EMPTY, line: asked.line}); });
  byId("nothing").querySelector("button").addEventListener("click", () => filter({...EMPTY, line: asked.line}));
  byId("q").addEventListener("input", event => filter({q: event.target.value}));
  byId("peer").addEventListener("change", event => filter({peer: event.target.value}));
  byId("kind").addEventListener("change", event => filter({kind: event.target.value}));
  byId("only").addEventListener("change", event => filter({only: event.target.checked ? "1" : ""}));

  // What stays.
  const VERDICTS = {conforms: "✓ conforms", violates: "✗ violates", undecided: "? undecided"};
  const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  function fillHeader() {
    const about = data.about;
    byId("trace").textContent = data.trace;
    document.title = `Replay ${data.trace.split("/").at(-1)}`;
    const counted = Object.entries(about.counted).map(([name, number]) => plural(number, name)).join(", ");
    byId("verdict").append(make("strong", {class: `verdict ${about.verdict}`}, VERDICTS[about.verdict]),
      counted ? ` ${counted}${about.known ? `, ${about.known} of them known` : ""}` : " nothing was found",
      about.line === null ? "" : `, as far as line ${about.line}`);
    byId("story").append(...story());
    byId("whole").querySelector("div").append(...about.story.map(one => make("p", {}, one.replace(/^ +/, ""))));
  }

  const placeOf = finding => finding.row < 0 ? `line ${finding.line} (not on this page)` : moment.toLine(finding.line);

  function* story() {
    const about = data.about;
    if (data.begins >= 0) {
      const first = trace.findings[data.begins];
      yield make("p", {class: `first ${first.class}`}, "What went wrong first: ",
        placeOf(first), `, ${first.peer}: ${first.message} `, drawing.badge(first));
    }
    if (data.begins < 0 && about.verdict === "violates") {
      yield make("p", {class: "first fault"}, "All that is wrong here is known: it is expected, and told with its reason below.");
    }
    yield* about.story.slice(0, 2).map(one => make("p", {class: "brief"}, one));
    if (data.observations.shown < data.observations.all) {
      yield make("p", {class: "limit"}, `Only ${data.observations.shown} of ${data.observations.all} observations are on this page.`);
    }
    if (about.error !== null) yield make("p", {class: "limit"}, `The rest could not be read: ${about.error}`);
    for (const one of about.undecided.slice(0, 3)) yield make("p", {class: "limit"}, `Undecided: ${one}`);
  }

  function fillFindings() {
    const list = byId("findings");
    list.hidden = !trace.findings.length;
    list.querySelector("summary").textContent = `All findings (${trace.findings.length})`;
    list.querySelector("ol").append(...trace.findings.slice(0, MOST_LISTED).map(one => make("li", {},
      placeOf(one), `, ${one.peer}: `, drawing.badge(one), ` ${one.title}`)));
    if (trace.findings.length > MOST_LISTED) {
      list.append(make("p", {}, `and ${trace.findings.length - MOST_LISTED} more: step to them with n.`));
    }
  }

  function fillFilters() {
    byId("peer").append(...trace.peers.map(one => make("option", {value: one.name}, `${one.name}: ${one.stack}`)));
    byId("kind").append(...data.kinds.map(one => make("option", {value: one}, one)));
    byId("next").disabled = byId("previous").disabled = !trace.foundRows.length;
    byId("only").disabled = !trace.foundRows.length;
  }

  function fillLegend() {
    const {SIGNS, SHORT, CLASS_SIGNS} = drawing;
    const terms = [
      ["Lifelines", "one for each peer, from left to right: the signaling state, the negotiation-needed flag, the operations chain, and what happened. The second of two is the mirror of the first."],
      ["state", Object.entries(SHORT).map(([name, short]) => `${short}: ${name}`).join("; ") + "; ?: not known, or several. As it was read, else as the model has it."],
      ["⚑", "the flag [[NegotiationNeeded]] of the model is true (?: it may be)"],
      ["chain", "a frame from a call until its promise settles; filled while it is at work as the first of the operations chain; hollow before that: it waits. Dashed: it never settles here. Four stand side by side; of more at once the others are not drawn."],
      ["signs", Object.entries(SIGNS).map(([name, sign]) => `${sign} ${name}`).join("; ")],
      ["arrows", "a message from its sending to its receiving (✕: it was never received); dashed: a description that the other peer made, where it is set."],
      ["findings", `${CLASS_SIGNS.departure} departure: the stack did what the specification does not allow; ${CLASS_SIGNS.fault} fault: the application or the network; ${CLASS_SIGNS.note} note: worth knowing, not wrong`],
      ["keys", "arrows: step; Page Up and Down; Home and End; n and p: next and previous finding; /: search; Escape: from the search to the timeline"],
    ];
    byId("legend").querySelector("div").append(described(terms));
  }

  // On paper: a table of the rows that are shown; of many, those around findings.
  function printed() {
    if (shown.length <= MOST_PRINTED) return shown;
    const kept = new Set();
    const near = row => {
      const place = trace.placeOf(shown, row);
      for (let at = Math.max(0, place - 12); at <= Math.min(shown.length - 1, place + 4); at += 1) kept.add(shown[at]);
    };
    for (const row of [...(chosen < 0 ? [] : [shown[chosen]]), ...trace.foundRows]) if (kept.size < MOST_PRINTED) near(row);
    for (let at = 0; kept.size < MOST_PRINTED; at += 1) kept.add(shown[at]);
    return [...kept].sort((a, b) => a - b).slice(0, MOST_PRINTED);
  }

  function printedRow(row) {
    const found = trace.found.get(row) ?? [];
    const now = trace.beside(row);
    const cells = [
      trace.line(row), saidTime(trace.time(row)), trace.peers[trace.peer(row)].name, trace.text(row), trace.signaling(row).join(" or "),
      now === null ? "" : now.chain.join(" or "), now === null ? "" : now.flag.join(" or "),
    ];
    const line = make("tr", {class: found.length ? drawing.worst(found) : null}, ...cells.map(one => make("td", {}, one)));
    return [line, ...found.map(one => make("tr", {}, make("td", {colspan: 7}, moment.findingElement(one))))];
  }

  window.addEventListener("beforeprint", () => {
    const rows = printed();
    const heads = ["line", "time", "peer", "observed", "signaling state", "operations chain", "flag"];
    const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads.map(one => make("th", {scope: "col"}, one)))),
      make("tbody", {}, ...[...rows].flatMap(printedRow)));
    const told = rows.length === trace.count ? `All ${trace.count} observations.`
      : `${rows.length} of ${trace.count} observations${shown.length > MOST_PRINTED ? ", those around findings first" : ", as filtered"}.`;
    byId("paper").replaceChildren(make("p", {}, told), table);
  });
  window.addEventListener("afterprint", () => byId("paper").replaceChildren());

  let resizing = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(resizing);
    resizing = requestAnimationFrame(() => drawing.show(shown, chosen, peerShown()));
  });

  // The row that is looked at first: the one of the address, or where it went wrong first.
  function begin() {
    if (/^\d+$/.test(asked.line)) return trace.rowAt(Number(asked.line));
    if (data.begins >= 0 && trace.findings[data.begins].row >= 0) return trace.findings[data.begins].row;
    return trace.foundRows.length ? trace.foundRows[0] : 0;
  }

  function start() {
    asked = filtersInAddress(EMPTY);
    chosen = -1;
    refilter();
    if (asked.line && chosen >= 0 && shown[chosen] !== begin()) goToLine(Number(asked.line));
    else if (chosen >= 0) drawing.choose(chosen);
  }

  fillHeader();
  fillFindings();
  fillFilters();
  fillLegend();
  window.addEventListener("hashchange", start);
  start();
})();
