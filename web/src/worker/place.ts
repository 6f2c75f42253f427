/** The fragment of a page that a message names, `/devices/0xab` or `#/devices`; whatever else it names opens the start. */
export function placeOf(page: string | undefined): string {
  const path = (page ?? '').replace(/^\/?#/, '');
  return /^\/[\w%.:-]+(\/[\w%.:-]+)*(\?[\w%.:=&-]*)?$/.test(path) ? `#${path}` : '#/now';
}
