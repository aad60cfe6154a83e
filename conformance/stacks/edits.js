// Edits to SDP texts, as the program language tells them. Sections are counted from 0.
//
// The same rules as `programs/texts.py` has for the model; a test holds both against each other.

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/;

/** An edit names an m-section that the text does not have. */
export class NoSuchSection extends Error {}

/** The lines of the session level, then those of each m-section. */
function blocksOf(text) {
  const blocks = [[]];
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  for (const line of lines.map((raw) => raw.replace(/\r$/, ""))) {
    if (line.startsWith("m=")) blocks.push([]);
    blocks[blocks.length - 1].push(line);
  }
  return blocks;
}

function sectionOf(blocks, index) {
  if (index >= 0 && index < blocks.length - 1) return blocks[index + 1];
  throw new NoSuchSection(`an edit names m-section ${index}, and there are ${blocks.length - 1}`);
}

function reject(section) {
  section[0] = section[0].replace(/^(m=\S+) [0-9]+/, "$1 0");
}

/** The new direction stands where the old one stood, or at the section's end. */
function direct(section, direction) {
  const at = section.findIndex((line) => DIRECTION.test(line));
  const others = section.filter((line) => !DIRECTION.test(line));
  others.splice(at < 0 ? others.length : at, 0, `a=${direction}`);
  section.splice(0, section.length, ...others);
}

function unmux(section) {
  section.splice(0, section.length, ...section.filter((line) => line.trimEnd() !== "a=rtcp-mux"));
}

function told(value) {
  return value !== undefined && value !== null;
}

/** Applies one edit to the blocks, in the order of its fields. */
function apply(blocks, edit) {
  if (told(edit.reject)) reject(sectionOf(blocks, edit.reject));
  if (told(edit.direction)) direct(sectionOf(blocks, edit.direction[0]), edit.direction[1]);
  if (told(edit.remove)) blocks.splice(blocks.indexOf(sectionOf(blocks, edit.remove)), 1);
  if (told(edit.unmux)) unmux(sectionOf(blocks, edit.unmux));
  if (told(edit.append)) blocks[blocks.length - 1].push(edit.append);
}

/** The text after the edits; untouched, to the byte, when there are none. */
export function edited(text, edits) {
  let changed = text;
  for (const edit of edits || []) {
    const blocks = blocksOf(changed);
    apply(blocks, edit);
    changed = [].concat(...blocks).map((line) => `${line}\r\n`).join("");
  }
  return changed;
}

function midOf(section) {
  const line = section.find((each) => each.startsWith("a=mid:"));
  return line === undefined ? null : line.trimEnd().slice("a=mid:".length);
}

/** The text with the mids that another text has for the sections with these indices. */
export function withMidsOf(text, other, indices) {
  const blocks = blocksOf(text);
  const known = blocksOf(other).slice(1).map(midOf);
  const names = new Map();
  for (const index of indices.filter((each) => told(known[each]))) {
    const section = sectionOf(blocks, index);
    names.set(midOf(section), known[index]);
    section[section.findIndex((each) => each.startsWith("a=mid:"))] = `a=mid:${known[index]}`;
  }
  const named = (mid) => (names.has(mid) ? names.get(mid) : mid);
  blocks[0] = blocks[0].map((line) => {
    const [group, ...mids] = line.split(" ");
    return group === "a=group:BUNDLE" ? [group, ...mids.map(named)].join(" ") : line;
  });
  return [].concat(...blocks).map((line) => `${line}\r\n`).join("");
}

const ROLE = /^a=setup:(active|passive)/m;

/** The answer with the DTLS role that its end has taken before; both texts may be empty. */
export function withRole(text, ours, theirs) {
  const taken = ROLE.exec(ours);
  const other = ROLE.exec(theirs);
  if (!taken && !other) return text;
  const isActive = taken ? taken[1] === "active" : other[1] === "passive";
  return text.replace(/^a=setup:\w+/gm, `a=setup:${isActive ? "active" : "passive"}`);
}
