// Tracks and streams without camera, microphone or permission.

/** Makes them in a page. */
export class PageTracks {
  constructor() {
    this.audio = null;
  }

  track(kind) {
    const stream = kind === "video" ? this.videoStream() : this.audioStream();
    return stream.getTracks()[0];
  }

  stream() {
    return new MediaStream();
  }

  audioStream() {
    this.audio = this.audio || new AudioContext();
    return this.audio.createMediaStreamDestination().stream;
  }

  videoStream() {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d"); // Firefox captures nothing from a canvas without a context
    return canvas.captureStream(0);
  }
}

/** All values of these keys, anywhere in the program. */
function valuesOf(node, keys, found = []) {
  if (node === null || typeof node !== "object") return found;
  for (const [key, value] of Object.entries(node)) {
    if (keys.includes(key)) found.push(...[].concat(value));
    else valuesOf(value, keys, found);
  }
  return found;
}

/**
 * The tracks and streams that a program names. They are made before it begins, so that making one
 * never takes time inside a task that is observed.
 */
export class Media {
  /** `source` makes them: `track(kind)` and `stream()`. */
  constructor(source) {
    this.source = source;
    this.tracks = new Map();
    this.streams = new Map();
  }

  begin(program) {
    const scripts = [program.steps, program.handlers || []];
    for (const name of valuesOf(scripts, ["track"])) this.makeTrack(name);
    for (const name of valuesOf(scripts, ["streams"])) this.makeStream(name);
  }

  end() {
    for (const track of this.tracks.values()) track.stop();
    this.tracks.clear();
    this.streams.clear();
  }

  makeTrack(name) {
    if (typeof name !== "string" || this.tracks.has(name)) return;
    this.tracks.set(name, this.source.track(name.startsWith("video:") ? "video" : "audio"));
  }

  makeStream(name) {
    if (!this.streams.has(name)) this.streams.set(name, this.source.stream());
  }

  track(name) {
    return this.tracks.get(name);
  }

  stream(name) {
    return this.streams.get(name);
  }

  /** MediaStream id -> the program's name: stacks choose the ids themselves. */
  streamNames() {
    const names = {};
    for (const [name, stream] of this.streams) names[stream.id] = name;
    return names;
  }

  /** The program's name of a stream, or its id if the program did not make it. */
  nameOfStream(stream) {
    for (const [name, known] of this.streams) if (known.id === stream.id) return name;
    return stream.id;
  }
}
