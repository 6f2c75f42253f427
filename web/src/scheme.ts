export type Scheme = 'system' | 'light' | 'dark';

const storageKey = 'busbar.scheme';

export function currentScheme(): Scheme {
  const stored = localStorage.getItem(storageKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Light, dark or as the device is set; remembered on this device. */
export function applyScheme(scheme: Scheme): void {
  if (scheme === 'system') {
    delete document.documentElement.dataset['scheme'];
    localStorage.removeItem(storageKey);
  } else {
    document.documentElement.dataset['scheme'] = scheme;
    localStorage.setItem(storageKey, scheme);
  }
}
