interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Whether the browser offers to install the app, and the reader's yes to it. */
class Installer {
  installed = $state(matchMedia('(display-mode: standalone)').matches);
  ready = $state(false);
  private offer: InstallPrompt | null = null;

  /** The browser offers once, early: it is listened to from the beginning. */
  listen(): void {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.offer = event as InstallPrompt;
      this.ready = true;
    });
    addEventListener('appinstalled', () => {
      this.installed = true;
      this.ready = false;
    });
  }

  async install(): Promise<void> {
    await this.offer?.prompt();
    this.offer = null;
    this.ready = false;
  }
}

export const installer = new Installer();
