
// The timeline: only what is in sight is in the document, at most some dozens of rows and one picture of lifelines.
const drawing = (() => {
  const ROW = 28;
  const AROUND = 12;          // rows drawn above and below what is in sight
  const FAR = 120;            // rows between the ends of an arrow, beyond which only its end is drawn
  const MOST_LIFELINES = 8;
  const SHORT = {
    "stable": "S", "have-local-offer": "LO", "have-remote-offer": "RO", "have-local-pranswer": "LP",
    "have-remote-pranswer": "RP", "closed": "C",
  };
  const SIGNS = {
    call: "▶", return: "•", throw: "✗", resolve: "✓", reject: "✗", event: "◆", send: "●", receive: "○", idle: "…", mark: "#",
  };
  const WIDE = {state: 30, flag: 14, lane: 8, life: 20, gap: 84, apart: 14};
  const NARROW = {state: 20, flag: 8, lane: 4, life: 14, gap: 20, apart: 4};
  const LANES = 4;

  const scroll = byId("scroll");
  const rows = byId("rows");
  let shown = new Int32Array(0);    // the rows that the filters leave
  let chosen = -1;                  // a place among them
  let drawn = {first: 0, last: -1};
  let lifelines = [];
  let sizes = WIDE;
  let diagram = 0;
  let only = null;            // the peer that alone is shown

  const svg = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const titled = (element, told) => { element.append(svg("title", {}, told)); return element; };

  // As many lifelines as leave room for the words; where not all do, that of the chosen row is among them.
  function chosenPeers(isNarrow) {
    const every = only === null ? trace.peers.map((_, peer) => peer) : [only];
    const room = scroll.clientWidth - (isNarrow ? 40 + 130 : 144 + (every.length > 2 ? 380 : 260));
    sizes = [WIDE, NARROW].find(one => !(isNarrow && one === WIDE) && widthOf(every.length, one) <= room) ?? NARROW;
    let fit = Math.min(every.length, MOST_LIFELINES);
    while (fit > 2 && widthOf(fit, sizes) > room) fit -= 1;
    const peers = every.slice(0, fit);
    const needed = chosen < 0 ? peers[0] : trace.peer(shown[chosen]);
    if (peers.length && !peers.includes(needed)) peers[peers.length - 1] = needed;
    return peers;
  }
  const ofOne = one => one.state + one.flag + LANES * one.lane + one.life;
  const widthOf = (count, one) => count * ofOne(one) + (count - 1) * (count === 2 ? one.gap : one.apart) + 6;

  // Where each part of each lifeline stands; of two, the second is the mirror of the first.
  function layOut() {
    const peers = chosenPeers(matchMedia("(max-width: 44rem)").matches);
    const width = ofOne(sizes);
    let x = 2;
    lifelines = peers.map((peer, place) => {
      const mirrored = peers.length === 2 && place === 1;
      const parts = [["state", sizes.state], ["flag", sizes.flag], ["lanes", LANES * sizes.lane], ["life", sizes.life]];
      const line = {peer, mirrored, x, width};
      let at = x;
      for (const [name, size] of mirrored ? parts.reverse() : parts) { line[name] = at; at += size; }
      line.middle = line.life + sizes.life / 2;
      x += width + (peers.length === 2 ? sizes.gap : sizes.apart);
      return line;
    });
    diagram = lifelines.length ? lifelines.at(-1).x + width + 4 : 0;
    byId("chart").style.setProperty("--diagram", `${diagram}px`);
    head();
  }
  const lifelineOf = peer => lifelines.find(one => one.peer === peer);

  function head() {
    const heads = lifelines.map(line => {
      const {name, stack} = trace.peers[line.peer];
      const parts = [["state", line.state, sizes.state], ["⚑", line.flag, sizes.flag], ["chain", line.lanes, LANES * sizes.lane]];
      const element = make("div", {class: "head", title: `${name}: ${stack}`}, make("b", {}, name));
      element.style.left = `${line.x}px`;
      element.style.width = `${line.width}px`;
      for (const [told, x, width] of sizes === WIDE ? parts : []) {
        const part = make("small", {}, told);
        part.style.left = `${x - line.x}px`;
        part.style.width = `${width}px`;
        element.append(part);
      }
      return element;
    });
    const box = make("div", {class: "lifelines"}, ...heads);
    const missing = only === null ? trace.peers.length - lifelines.length : 0;
    byId("heads").replaceChildren(
      make("span", {class: "line"}, "line"), make("span", {class: "at"}, "time"), box,
      make("span", {class: "told", title: missing ? `no room for ${missing} more lifelines` : null},
        missing ? `observed (+${missing} peers)` : "observed"));
  }

  // The middle of a row in the picture, which begins with the first row drawn; rows left out stand between others.
  const middle = row => (trace.placeOf(shown, row) - drawn.first) * ROW + ROW / 2;

  // Stretches of the drawn rows in which something is the same: calls back with value, from and to.
  function runs(valueOf, draw) {
    let [from, value] = [drawn.first, null];
    for (let place = drawn.first; place <= drawn.last + 1; place += 1) {
      const next = place <= drawn.last ? valueOf(shown[place]) : null;
      if (next === value && place <= drawn.last) continue;
      if (value !== null) draw(value, (from - drawn.first) * ROW, (place - drawn.first) * ROW);
      [from, value] = [place, next];
    }
  }

  const code = states => states.map(one => SHORT[one] ?? "?").join("/");

  function* states(line) {
    const found = [];
    runs(row => trace.signaling(trace.latest(line.peer, row)).join(" or ") || null, (value, top, bottom) => {
      const names = value.split(" or ");
      const kind = names.length === 1 && Object.hasOwn(SHORT, value) ? `state-${SHORT[value]}` : "state-several";
      const box = svg("rect", {x: line.state + 1, y: top + 1, width: sizes.state - 2, height: bottom - top - 2, class: `state ${kind}`});
      found.push(titled(box, `${trace.peers[line.peer].name}: ${value}`));
      for (let y = top; y < bottom; y += 6 * ROW) {
        const told = names.length > (sizes === WIDE ? 2 : 1) ? "?" : code(names);
        const fitted = told.length > 3 ? {textLength: sizes.state - 5, lengthAdjust: "spacingAndGlyphs"} : {};
        found.push(svg("text", {x: line.state + sizes.state / 2, y: y + ROW / 2, class: "code", ...fitted}, told));
      }
    });
    yield* found;
  }

  function flagOf(row) {
    const flag = row < 0 ? null : trace.beside(row)?.flag;
    if (!flag || (flag.length === 1 && !flag[0])) return null;
    return flag.length === 1 ? "true" : "true or false";
  }

  function* flags(line) {
    const found = [];
    runs(row => flagOf(trace.latest(line.peer, row)), (value, top, bottom) => {
      const box = svg("rect", {
        x: line.flag + 2, y: top + 1, width: sizes.flag - 4, height: bottom - top - 2,
        class: value === "true" ? "flag" : "flag maybe",
      });
      found.push(titled(box, `[[NegotiationNeeded]] ${value}`));
      if (sizes === WIDE) {
        const sign = value === "true" ? "⚑" : "?";
        found.push(svg("text", {x: line.flag + sizes.flag / 2, y: top + ROW / 2, class: "flagsign"}, sign));
      }
    });
    yield* found;
  }

  function* chain(line) {
    const [first, last] = [shown[drawn.first], shown[drawn.last]];
    const bottom = (drawn.last - drawn.first + 1) * ROW + 8;
    const clip = y => Math.max(-8, Math.min(bottom, y));
    for (const bar of trace.barsBetween(first, last)) {
      if (bar.peer !== line.peer || (bar.settled >= 0 && bar.end < first) || bar.call > last) continue;
      const x = line.lanes + (line.mirrored ? LANES - 1 - bar.lane : bar.lane) * sizes.lane + 1;
      const box = (from, to, kind, inset) => svg("rect", {
        x: x + inset, y: from, width: sizes.lane - 2 - 2 * inset, height: Math.max(3, to - from), class: kind, rx: 2,
      });
      const top = clip(middle(bar.call));
      const end = bar.settled < 0 ? bottom : clip(middle(bar.settled));
      const about = trace.text(bar.call).replace(/^call /, "").split(" (")[0];
      const until = bar.settled < 0 ? "it never settles here" : `settled in line ${trace.line(bar.settled)}`;
      const kind = bar.settled < 0 ? "bar open" : "bar";
      yield titled(box(top, end, kind, 0), `${about}: called in line ${trace.line(bar.call)}, ${until}`);
      if (bar.began >= 0) {
        const left = bar.left < 0 ? bottom : clip(middle(bar.left));
        const inside = box(clip(middle(bar.began)), left, "bar first", sizes === WIDE ? 1 : 0.5);
        yield titled(inside, `${about}: at work, as the first of the chain`);
      }
    }
  }

  function arrow(from, to, kind, told) {
    const [x1, y1, x2, y2] = [from[0], from[1], to[0], to[1]];
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
    const point = (back, aside) => `${x2 - ux * back - uy * aside},${y2 - uy * back + ux * aside}`;
    const group = svg("g", {class: `arrow ${kind}`},
      svg("line", {x1, y1, x2: x2 - ux * 7, y2: y2 - uy * 7}),
      svg("polygon", {points: `${point(0, 0)} ${point(9, 4)} ${point(9, -4)}`}));
    if (told && sizes === WIDE && lifelines.length === 2) {
      const up = Math.abs(uy) > 0.6 ? 0 : 6;
      group.append(svg("text", {x: (x1 + x2) / 2, y: (y1 + y2) / 2 - up, class: "told"}, told));
    }
    return group;
  }

  const carried = row => /\((offer|answer|pranswer|rollback)\b/.exec(trace.text(row))?.[1] ?? "";

  function* arrows() {
    const [first, last] = [Math.max(0, drawn.first - FAR), Math.min(shown.length - 1, drawn.last + FAR)];
    const isShown = row => shown[trace.placeOf(shown, row)] === row;
    for (let place = first; place <= last; place += 1) {
      const row = shown[place];
      const to = lifelineOf(trace.peer(row));
      if (!to) continue;
      const origin = trace.origin(row);
      if (origin >= 0 && trace.peer(origin) !== trace.peer(row)) {
        const from = lifelineOf(trace.peer(origin));
        const kind = trace.kind(row) === "receive" ? "sent" : "taken";
        const told = carried(row) || carried(origin);
        const is = from && isShown(origin) && place - trace.placeOf(shown, origin) <= FAR;
        const side = from ? Math.sign(from.middle - to.middle) : 1;
        const begin = is ? [from.middle, middle(origin)] : [to.middle + side * 22, middle(row) - 8];
        if (!is && (place < drawn.first || place > drawn.last)) continue;
        yield arrow(begin, [to.middle + side * 6, middle(row)], kind, is ? told : "");
      } else if (trace.kind(row) === "send" && !trace.led(row).length && place >= drawn.first && place <= drawn.last) {
        const away = lifelines.length === 2 && to.mirrored ? -1 : 1;
        const y = middle(row);
        yield svg("g", {class: "arrow lost"}, svg("line", {x1: to.middle, y1: y, x2: to.middle + away * 20, y2: y}),
          svg("text", {x: to.middle + away * 26, y, class: "told"}, "✕"));
      }
    }
  }

  function* signs() {
    for (let place = drawn.first; place <= drawn.last; place += 1) {
      const row = shown[place];
      const line = lifelineOf(trace.peer(row));
      if (!line) continue;
      const y = (place - drawn.first) * ROW + ROW / 2;
      const wrong = trace.found.get(row);
      const kind = trace.kind(row);
      const sign = kind === "call" && line.mirrored ? "◀" : SIGNS[kind];
      yield svg("circle", {cx: line.middle, cy: y, r: sizes.life / 2 - 1, class: wrong ? `sign ${worst(wrong)}` : "sign"});
      yield svg("text", {x: line.middle, y, class: `glyph ${kind}`}, sign);
    }
  }

  function picture() {
    const height = (drawn.last - drawn.first + 1) * ROW;
    const image = svg("svg", {width: diagram, height, "aria-hidden": "true", class: "picture"});
    image.style.top = `${drawn.first * ROW}px`;
    for (const line of lifelines) {
      image.append(...states(line), ...flags(line),
        svg("line", {x1: line.middle, x2: line.middle, y1: 0, y2: height, class: "lifeline"}), ...chain(line));
    }
    image.append(...arrows(), ...signs());
    return image;
  }

  const CLASSES = ["departure", "fault", "note"];
  const CLASS_SIGNS = {departure: "✗", fault: "△", note: "i"};
  const standing = one => one.known !== null ? "known" : one.class;
  const worst = list => CLASSES.find(kind => list.some(one => standing(one) === kind)) ?? "known";
  const badge = one => make("span", {class: `badge ${standing(one)}`},
    CLASS_SIGNS[one.class], make("span", {class: "id"}, ` ${one.id}${one.known === null ? "" : " (known)"}`));

  // In a row there is room for one: the worst, and how many more there are.
  function badges(found) {
    if (found.length < 2) return found.map(badge);
    const first = found.find(one => standing(one) === worst(found)) ?? found[0];
    const others = found.filter(one => one !== first).map(one => one.id).join(", ");
    return [badge(first), make("span", {class: "others", title: others}, `+${found.length - 1}`)];
  }

  // The state that a peer came into in this row, if it is another than before.
  function cameInto(row) {
    const now = trace.signaling(row);
    const before = trace.latest(trace.peer(row), row - 1);
    return before >= 0 && now.length === 1 && !trace.signaling(before).includes(now[0]) ? now[0] : "";
  }

  function rowElement(place) {
    const row = shown[place];
    const found = trace.found.get(row) ?? [];
    const before = place ? trace.time(row) - trace.time(shown[place - 1]) : 0;
    const element = make("div", {
      class: `row${found.length ? ` has ${worst(found)}` : ""}${place % 2 ? " odd" : ""}`, role: "option", id: `row-${row}`,
      "aria-selected": place === chosen, "aria-setsize": shown.length, "aria-posinset": place + 1,
    });
    const state = cameInto(row);
    element.append(
      make("span", {class: "line"}, trace.line(row)),
      make("span", {class: "at", title: `${trace.time(row)} ms`}, before >= 1000 ? `+${saidTime(before)}` : saidTime(trace.time(row))),
      make("span", {class: "space"}),
      make("span", {class: "told"}, make("b", {class: "peer"}, trace.peers[trace.peer(row)].name), " ", trace.text(row),
        state ? make("span", {class: "into"}, ` → ${state}`) : ""),
      ...badges(found));
    return element;
  }

  function draw(force) {
    const head = byId("heads").offsetHeight;
    const first = Math.floor(scroll.scrollTop / ROW);
    const last = Math.min(shown.length - 1, Math.floor((scroll.scrollTop + scroll.clientHeight - head) / ROW));
    if (!force && first >= drawn.first && last <= drawn.last) return;
    drawn = {first: Math.max(0, first - AROUND), last: Math.min(shown.length - 1, last + AROUND)};
    const elements = [];
    for (let place = drawn.first; place <= drawn.last; place += 1) {
      const element = rowElement(place);
      element.style.top = `${place * ROW}px`;
      elements.push(element);
    }
    rows.replaceChildren(...elements, ...(shown.length ? [picture()] : []));
  }

  // Show these rows, with one of them chosen (a place among them; -1: none).
  function show(list, place, peer) {
    [shown, chosen, only] = [list, place, peer];
    layOut();
    rows.style.height = `${shown.length * ROW}px`;
    if (place >= 0) reveal(place);
    draw(true);
  }

  function reveal(place) {
    const head = byId("heads").offsetHeight;
    const room = scroll.clientHeight - head - ROW;
    const top = place * ROW;
    if (top < scroll.scrollTop + ROW || top > scroll.scrollTop + room - ROW) {
      const isNear = Math.abs(top - scroll.scrollTop - room / 2) < room;
      scroll.scrollTop = isNear ? (top < scroll.scrollTop + ROW ? top - ROW : top - room + ROW) : top - room / 2;
    }
  }

  function choose(place) {
    byId(`row-${shown[chosen]}`)?.setAttribute("aria-selected", "false");
    chosen = place;
    reveal(place);
    const isMissing = !lifelineOf(trace.peer(shown[chosen]));
    if (isMissing) layOut();
    draw(isMissing);
    byId(`row-${shown[chosen]}`)?.setAttribute("aria-selected", "true");
    scroll.setAttribute("aria-activedescendant", `row-${shown[chosen]}`);
  }

  let isDue = false;
  scroll.addEventListener("scroll", () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => { isDue = false; draw(false); });
  }, {passive: true});

  return {
    show, choose, draw, badge, standing, worst, CLASS_SIGNS, SIGNS, SHORT, svg, MOST_LIFELINES,
    page: () => Math.max(1, Math.floor(scroll.clientHeight / ROW) - 2),
  };
})();
