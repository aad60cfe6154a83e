
// The chosen moment: what was observed, what was found there, and what the model thought.
const moment = (() => {
  const toLine = (line, told = `line ${line}`) => make("a", {href: `#line=${line}`, "data-line": line}, told);
  const toRow = row => toLine(trace.line(row));

  function connected(row) {
    const kind = trace.kind(row);
    const origin = trace.origin(row);
    const pairs = [];
    if (origin >= 0) {
      const names = {receive: "sent in", call: "the description came in"};
      const other = trace.peer(origin) === trace.peer(row) ? "" : ` (${trace.peers[trace.peer(origin)].name})`;
      pairs.push([names[kind] ?? "called in", make("span", {}, toRow(origin), other)]);
    }
    for (const next of trace.led(row).slice(0, 6)) {
      pairs.push([{receive: "received in", call: "taken by", return: "returned in"}[trace.kind(next)] ?? "settled in", toRow(next)]);
    }
    return pairs;
  }

  const CLASS_WORDS = {departure: "departure from the specification", fault: "fault", note: "note"};

  function findingElement(one) {
    const followed = one.after ? toLine(one.after, `the finding in line ${one.after}`) : null;
    const rule = one.url === null ? null
      : make("span", {}, one.refusedBy ? `${one.refusedBy}: ` : "", link(one.url));
    const known = one.known === null ? null : make("span", {}, one.known, one.link === null ? "" : " ", one.link === null ? "" : link(one.link));
    return make("article", {class: `finding ${drawing.standing(one)}`},
      make("h3", {}, drawing.badge(one), ` ${one.title}`),
      make("p", {class: "message"}, `${one.message}.`),
      described([
        ["kind", `${CLASS_WORDS[one.class]}${one.class === "note" ? "" : `, blame: ${one.blame}`}`],
        ["known", known],
        [one.refusedBy ? "refused by" : "the rule", rule],
        ["the model could be in", one.states],
        ["allowed instead", one.expected],
        ["nearest that is accepted", one.alternative],
        ["rests on", one.restsOn],
        ["follows from", followed],
        ["what it means", one.means],
        ["what to do", one.todo],
      ]));
  }

  const either = values => values.map(String).join(" or ");
  const ASPECTS = [
    ["states it could be in", one => String(one.states)],
    ["signaling", one => either(one.signaling)],
    ["operations chain", one => either(one.chain)],
    ["negotiation-needed flag", one => either(one.flag)],
    ["check if negotiation is needed", one => either(one.check)],
    ["queued tasks", one => one.queued.join(", ") || "none"],
    ["may come next", one => one.next.join(", ") || "nothing, until a call is made"],
  ];

  // What changed in this row is marked, as the eye looks for it.
  function thought(row) {
    const now = trace.beside(row);
    if (now === null) return make("p", {}, "The model did not follow here: what came before left it undecided.");
    const earlier = trace.latest(trace.peer(row), row - 1);
    const before = earlier < 0 ? null : trace.beside(earlier);
    const list = make("dl", {class: "thought"});
    for (const [name, told] of ASPECTS) {
      const [value, was] = [told(now), before === null ? null : told(before)];
      const isNew = was !== null && was !== value;
      list.append(make("dt", {class: isNew ? "changed" : null}, name),
        make("dd", {class: isNew ? "changed" : null}, value,
          isNew && name !== "may come next" ? make("span", {class: "was"}, ` (was ${was})`) : null));
    }
    return list;
  }

  function others(row) {
    const list = [];
    trace.peers.slice(0, drawing.MOST_LIFELINES).forEach((peer, place) => {
      const last = place === trace.peer(row) ? -1 : trace.latest(place, row);
      if (last < 0) return;
      const now = trace.beside(last);
      const chain = now === null ? "" : `; chain ${either(now.chain)}; flag ${either(now.flag)}`;
      list.push([peer.name, make("span", {}, `${trace.signaling(last).join(" or ") || "not known"}${chain} (`, toRow(last), ")")]);
    });
    return list;
  }

  function copyButton(line) {
    const button = make("button", {type: "button", id: "copy"}, "Copy a link to this moment");
    button.addEventListener("click", async () => {
      const address = `${location.href.split("#")[0]}#line=${line}`;
      button.textContent = await copied(address) ? "Copied" : "Not copied: take it from the address bar";
    });
    return button;
  }

  async function copied(told) {
    try {
      await navigator.clipboard.writeText(told);
      return true;
    } catch {
      const field = make("textarea", {}, told);
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  function title(row) {
    const found = trace.found.get(row) ?? [];
    const wrong = found.length ? `. ${found.map(one => `${one.id}: ${one.title}`).join("; ")}` : "";
    return [`Line ${trace.line(row)}, ${trace.peers[trace.peer(row)].name}, at ${saidTime(trace.time(row))}`, wrong];
  }

  let timer = 0;
  function show(row) {
    if (row < 0) {
      byId("moment-title").textContent = "Nothing is chosen";
      byId("moment-body").replaceChildren();
      return;
    }
    const line = trace.line(row);
    const reading = trace.read(row);
    const within = trace.within(row);
    const commands = ["replay", "why"].map(name => make("code", {class: "command"}, trace.command(name, line)));
    byId("moment-body").replaceChildren(
      make("p", {class: "observed"}, trace.text(row)),
      ...(trace.found.get(row) ?? []).map(findingElement),
      described([["read with it", reading ? reading.split("; ") : null], ["in the handler of", within], ...connected(row)]),
      make("h3", {}, `What the model of ${trace.peers[trace.peer(row)].name} thinks after it`), thought(row),
      ...(trace.peers.length > 1 ? [make("h3", {}, "The others, as last seen"), described(others(row))] : []),
      make("h3", {}, "This moment elsewhere"), copyButton(line), ...commands);
    byId("moment").scrollTop = 0;
    const [where, wrong] = title(row);
    byId("moment-title").textContent = where;
    // While a key is held, only where one comes to rest is said.
    clearTimeout(timer);
    timer = setTimeout(() => { byId("said").textContent = `${where}: ${trace.text(row)}${wrong}`; }, 80);
  }

  return {show, findingElement, toLine};
})();
