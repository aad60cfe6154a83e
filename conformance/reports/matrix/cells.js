
// What the matrix of a page says, unpacked: its rows, the cells of them, and the evidence.
const matrix = (() => {
  const text = place => place < 0 ? null : data.strings[place];
  const texts = places => places.map(text);

  const columns = data.columns;
  const recordings = data.recordings.map(([program, observations, undecided, folder, name, after]) => ({
    program: text(program), observations, undecided: texts(undecided), after: text(after),
    before: text(folder) + text(name),
  }));
  const sightings = data.sightings.map(([evidence, recording, column, line, peer, known, after]) => ({
    evidence, recording: recordings[recording], column, line, peer: text(peer),
    known: known < 0 ? null : data.known[known], after: after || null, id: text(data.evidence[evidence][0]),
  }));
  const programs = data.programs.map(({name, area, about, cells}) => ({
    kind: "program", key: `program ${name}`, name, area, about,
    cells: cells.map(([status, judged, seen, made, lacks, hidden]) => ({
      status: data.statuses[status], judged, lacks, hidden: data.hidden[hidden], sightings: seen.map(one => sightings[one]),
      recordings: made.map(one => recordings[one]),
    })),
  }));
  const programNamed = new Map(programs.map(one => [one.name, one]));
  const rules = data.rules.map(({sightings: seen, ...rule}) => ({
    ...rule, kind: "rule", key: `rule ${rule.id} ${rule.anchor}`, sightings: seen.map(one => sightings[one]),
  }));
  const command = (name, recording, line) =>
    `negotiation ${name} ${recording.before}${line === null ? "" : `:${line}`}${recording.after}`;

  const messageOf = sighting => text(data.evidence[sighting.evidence][2]);

  function evidence(place) {
    const [id, url, message, observed, read, lines, states, expected, refusedBy, alternative, restsOn] =
      data.evidence[place];
    const near = [];
    for (let at = 0; at < lines.length; at += 3) {
      near.push({at: lines[at], peer: text(lines[at + 1]), observed: text(lines[at + 2])});
    }
    return {
      id: text(id), url: text(url), message: text(message), observed: text(observed), read: text(read), lines: near,
      states: texts(states), expected: texts(expected), refusedBy: text(refusedBy), alternative: text(alternative),
      restsOn: texts(restsOn),
    };
  }

  const title = column => `${column.stack} ${column.version}`.trim();

  // The cells.
  const isIn = (area, program) => !area || programNamed.get(program).area === area;

  // As surveying.py: it conforms only if a program that shows the departure elsewhere was judged, where it can be seen.
  function ruleCell(rule, place, area) {
    const all = rule.sightings.filter(one => isIn(area, one.recording.program));
    const seen = all.filter(one => one.column === place);
    const count = list => new Set(list.map(one => one.recording.program)).size;
    const tried = [...new Set(all.map(one => one.recording.program))]
      .map(name => programNamed.get(name).cells[place]).filter(cell => cell.status !== "unsupported" && !cell.hidden.includes(rule.id));
    const judged = tried.filter(cell => cell.judged).length;
    const otherwise = judged ? "conforms" : tried.length ? "undecided" : "unsupported";
    return {
      status: seen.length ? rule.status : otherwise, count: count(seen), judged,
      unknown: count(seen.filter(one => one.known === null)), ids: seen.length ? [rule.id] : [], sightings: seen,
    };
  }

  function programCell(program, place) {
    const cell = program.cells[place];
    const departures = cell.sightings.filter(one => data.kinds[one.id].class === "departure");
    const unknown = cell.sightings.filter(one => one.known === null);
    return {
      ...cell, count: new Set(departures.map(one => one.id)).size, unknown: unknown.length,
      ids: [...new Set(departures.map(one => one.id))],
    };
  }

  // The cell of a row in a column, counted in the programs of an area ("": in all).
  const cellOf = (row, place, area) => row.kind === "rule" ? ruleCell(row, place, area) : programCell(row, place);
  const says = cell => JSON.stringify([cell.status, [...cell.ids].sort(), cell.count, cell.unknown > 0]);

  function inWords(row, cell) {
    const found = cell.status === "departs" || cell.status === "faults";
    const known = !cell.unknown ? "all known" : `${cell.unknown} not expected`;
    if (row.kind === "rule" && found) {
      return `${cell.status} in ${cell.count} program${cell.count === 1 ? "" : "s"} of ${cell.judged} judged, ${known}`;
    }
    if (row.kind === "rule" && cell.status === "conforms") {
      return `conforms in ${cell.judged === 1 ? "the program that shows" : `the ${cell.judged} programs that show`} it elsewhere`;
    }
    return found ? `departs (${cell.ids.join(", ")}), ${known}` : `${cell.status}: ${data.meanings[cell.status]}`;
  }

  const haystacks = new Map();
  function haystack(row) {
    if (!haystacks.has(row)) {
      const seen = row.kind === "rule" ? row.sightings : row.cells.flatMap(cell => cell.sightings);
      const told = seen.flatMap(one =>
        [one.id, one.recording.program, messageOf(one), one.known ? one.known.reason : ""]);
      const own = row.kind === "rule" ? [row.id, row.title, row.anchor] : [row.name, row.area, row.about];
      haystacks.set(row, [...own, ...new Set(told)].join("\n").toLowerCase());
    }
    return haystacks.get(row);
  }

  return {columns, recordings, programs, rules, title, command, messageOf, evidence, isIn, cellOf, says, inWords, haystack};
})();
