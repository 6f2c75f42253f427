export interface Toast {
  id: number;
  kind: 'done' | 'warn';
  text: string;
  action?: { words: string; act: () => void };
}

/** Long enough to be read twice. What must be answered stays until it is. */
const shown = 8_000;

/** Short messages at the edge of the page, said by a screen reader when it has a moment. */
class Toasts {
  list = $state.raw<Toast[]>([]);
  private next = 1;

  say(text: string, kind: Toast['kind'] = 'done', action?: Toast['action']): number {
    const id = this.next++;
    this.list = [...this.list.slice(-3), { id, kind, text, ...(action === undefined ? {} : { action }) }];
    if (action === undefined) setTimeout(() => this.end(id), shown);
    return id;
  }

  end(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
