import { api } from '../api/client';
import { largestDocument } from '../proof/document';
import { Ledger } from '../proof/rpc';
import { verdictOf, verify, type Question, type Step, type Verdict } from '../proof/verify';

export type Phase = 'idle' | 'running' | 'done';
export type FileFault = 'fileTooBig' | 'fileNotJson';

/** One verification at a time: a new one displaces the one under way. */
export class Session {
  phase = $state<Phase>('idle');
  steps = $state.raw<Step[]>([]);
  document = $state.raw<unknown>(null);
  fileName = $state<string | null>(null);
  fileFault = $state<FileFault | null>(null);
  error = $state.raw<unknown>(null);
  readonly verdict = $derived<Verdict>(verdictOf(this.steps));

  private run = 0;

  /** Fetches the proof of a house's interval from the node, and checks it. */
  async ask(meter: string, start: bigint, version: number | undefined, rpc: string, anchors: string): Promise<void> {
    const run = this.begin(null);
    let document: unknown;
    try {
      document = await api.proof(meter, start, version);
    } catch (error) {
      if (run !== this.run) return;
      this.error = error;
      this.phase = 'idle';
      return;
    }
    await this.check(run, document, rpc, { anchors, asked: { meter, start } });
  }

  /** Checks a document from a file. */
  async open(file: File, rpc: string, anchors: string): Promise<void> {
    const run = this.begin(file.name);
    let document: unknown;
    try {
      if (file.size > largestDocument) this.fileFault = 'fileTooBig';
      else document = JSON.parse(await file.text());
    } catch {
      this.fileFault = 'fileNotJson';
    }
    if (run !== this.run) return;
    if (this.fileFault !== null) this.phase = 'idle';
    else await this.check(run, document, rpc, { anchors });
  }

  private begin(fileName: string | null): number {
    this.phase = 'running';
    this.steps = [];
    this.document = null;
    this.error = null;
    this.fileFault = null;
    this.fileName = fileName;
    return ++this.run;
  }

  private async check(run: number, document: unknown, rpc: string, question: Question): Promise<void> {
    for await (const step of verify(document, new Ledger(rpc), question)) {
      if (run !== this.run) return;
      this.steps = [...this.steps, step];
    }
    if (run !== this.run) return;
    this.document = document;
    this.phase = 'done';
  }
}
