
// The trace of a page, unpacked: what stands in a row is worked out when it is asked for.
const trace = (() => {
  const SLOT = "\u0000";
  const columns = data.columns;
  const count = columns.line.length;
  const string = place => place < 0 ? null : data.strings[place];
  const strings = places => places.map(string);

  // Differences, added up.
  function summed(told) {
    const sums = new Float64Array(told.length);
    let sum = 0;
    for (let at = 0; at < told.length; at += 1) sums[at] = sum += told[at];
    return sums;
  }

  const lines = summed(columns.line);
  const scaled = data.time.scale ? summed(data.time.told) : data.time.told;
  const time = row => data.time.scale ? scaled[row] / data.time.scale : scaled[row];

  // The numbers that go into a row's texts begin where those of the row before end.
  const pieces = data.strings.map(one => one.includes(SLOT) ? one.split(SLOT) : null);
  const numbersAt = new Uint32Array(count + 1);
  const slots = place => place < 0 || pieces[place] === null ? 0 : pieces[place].length - 1;
  for (let row = 0; row < count; row += 1) {
    numbersAt[row + 1] = numbersAt[row] + slots(columns.text[row]) + slots(columns.read[row]);
  }
  function filled(place, at) {
    if (place < 0) return "";
    const parts = pieces[place];
    if (parts === null) return data.strings[place];
    let told = parts[0];
    for (let part = 1; part < parts.length; part += 1) told += data.numbers[at + part - 1] + parts[part];
    return told;
  }
  const text = row => filled(columns.text[row], numbersAt[row]);
  const read = row => filled(columns.read[row], numbersAt[row] + slots(columns.text[row]));

  const peers = data.peers.map(one => ({name: string(one.name), stack: string(one.stack)}));
  const rowsOf = peers.map(() => []);
  for (let row = 0; row < count; row += 1) rowsOf[columns.peer[row]].push(row);

  // The place of the first that is not before the wanted one, in a list in order.
  function placeOf(list, wanted) {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < wanted) low = middle + 1; else high = middle;
    }
    return low;
  }
  // A peer's last row that is not after this one; -1: it has none.
  function latest(peer, row) {
    const place = placeOf(rowsOf[peer], row + 1) - 1;
    return place < 0 ? -1 : rowsOf[peer][place];
  }

  const besides = data.besides.map(([states, signaling, chain, flag, check, queued, next]) => ({
    states, signaling: strings(signaling), chain: strings(chain), flag: flag.map(Boolean), check: check.map(Boolean),
    queued: strings(queued), next: strings(next),
  }));
  const beside = row => columns.beside[row] < 0 ? null : besides[columns.beside[row]];

  const bars = [];
  for (let at = 0; at < data.bars.length; at += 5) {
    const [call, began, settled, left, lane] = data.bars.slice(at, at + 5);
    bars.push({call, began, settled, left, lane, peer: columns.peer[call], end: Math.max(settled, left)});
  }
  // Which bars reach into a stretch of rows, by stretches of so many.
  const STRETCH = 256;
  const stretches = Array.from({length: Math.ceil(count / STRETCH)}, () => []);
  for (const one of bars) {
    if (one.lane < 0) continue;
    const isOpen = one.settled < 0;
    const last = isOpen ? count - 1 : one.end;
    for (let at = Math.floor(one.call / STRETCH); at <= Math.floor(last / STRETCH); at += 1) stretches[at].push(one);
  }
  function barsBetween(first, last) {
    const found = new Set();
    for (let at = Math.floor(first / STRETCH); at <= Math.floor(last / STRETCH); at += 1) {
      for (const one of stretches[at] ?? []) found.add(one);
    }
    return found;
  }

  // What a row led to: the settlements of a call, the receiving of a message.
  const led = new Map();
  for (let row = 0; row < count; row += 1) {
    if (columns.of[row]) {
      const from = row - columns.of[row];
      if (led.has(from)) led.get(from).push(row); else led.set(from, [row]);
    }
  }

  const findings = data.findings.map(one => ({
    ...one, peer: string(one.peer), message: string(one.message),
    known: string(one.known ?? -1), link: string(one.link ?? -1), url: string(one.url ?? -1),
    refusedBy: string(one.refused_by ?? -1), states: strings(one.states ?? []), expected: strings(one.expected ?? []),
    alternative: string(one.alternative ?? -1), restsOn: strings(one.rests_on ?? []),
    ...data.registry[one.id],
  }));
  const found = new Map();
  for (const one of findings) if (one.row >= 0) found.set(one.row, [...(found.get(one.row) ?? []), one]);
  const foundRows = Int32Array.from([...found.keys()].sort((a, b) => a - b));

  // The signaling state in a row: as it was read, else as the model has it (several: it may be any of them).
  function signaling(row) {
    if (row < 0) return [];
    if (columns.state[row] >= 0) return [string(columns.state[row])];
    return beside(row)?.signaling ?? [];
  }

  return {
    count, peers, text, read, time, latest, placeOf, beside, barsBetween, findings, found, foundRows, signaling,
    peer: row => columns.peer[row],
    kind: row => data.kinds[columns.kind[row]],
    within: row => string(columns.within[row]),
    origin: row => columns.of[row] ? row - columns.of[row] : -1,
    led: row => led.get(row) ?? [],
    line: row => lines[row],
    rowAt: line => Math.min(placeOf(lines, line), count - 1),
    command: (name, line) => `negotiation ${name} ${data.commands[0]}:${line}${data.commands[1]}`,
  };
})();

// Times as one says them.
function saidTime(milliseconds) {
  const sign = milliseconds < 0 ? "−" : "";
  const size = Math.abs(milliseconds);
  if (size < 1000) return `${sign}${size >= 100 ? Math.round(size) : Number(size.toPrecision(3))} ms`;
  if (size < 60000) return `${sign}${(size / 1000).toFixed(2)} s`;
  const seconds = Math.floor(size / 1000);
  const two = number => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${sign}${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}.${String(Math.floor(size % 1000)).padStart(3, "0")}`;
}
