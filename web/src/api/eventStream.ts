/** One server-sent event. */
export interface StreamEvent {
  id: string;
  name: string;
  data: string;
}

/** The longest event that is taken; a stream that sends more is no stream of the node. */
const longestEvent = 4 << 20;

/** Reads `text/event-stream` (WHATWG HTML, 9.2.6) from chunks that may be cut anywhere. */
export class EventReader {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private name = '';
  private id = '';
  private data: string[] = [];

  /** The events that are whole with this chunk. */
  take(chunk: Uint8Array): StreamEvent[] {
    this.rest += this.decoder.decode(chunk, { stream: true });
    if (this.rest.length > longestEvent) throw new RangeError('event too long');
    const events: StreamEvent[] = [];
    // A carriage return at the end may be the first half of a line end: it waits for the next chunk.
    for (let end = lineEnd(this.rest); end !== null; end = lineEnd(this.rest)) {
      const event = this.line(this.rest.slice(0, end.at));
      this.rest = this.rest.slice(end.next);
      if (event !== null) events.push(event);
    }
    return events;
  }

  private line(line: string): StreamEvent | null {
    if (line === '') {
      const event = { id: this.id, name: this.name || 'message', data: this.data.join('\n') };
      const whole = this.data.length > 0;
      this.name = '';
      this.data = [];
      return whole ? event : null;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }
}

function lineEnd(text: string): { at: number; next: number } | null {
  const at = text.search(/[\r\n]/);
  if (at < 0 || (text[at] === '\r' && at === text.length - 1)) return null;
  return { at, next: text.startsWith('\r\n', at) ? at + 2 : at + 1 };
}
