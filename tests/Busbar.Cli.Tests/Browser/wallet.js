// A wallet as the page meets it (EIP-1193, EIP-6963). Its keeper outside of the page holds the key and answers.
({ uuid, name, rdns, late }) => {
  const icon =
    'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"%3E%3Crect width="1" height="1" fill="%23a40"/%3E%3C/svg%3E';
  const request = async ({ method, params }) => {
    const { result, error } = JSON.parse(await window.askKeeper(uuid, method, JSON.stringify(params ?? [])));
    if (error) throw Object.assign(new Error(error.message), error);
    return result;
  };
  const detail = Object.freeze({
    info: Object.freeze({ uuid, name, rdns, icon }),
    provider: { request, on: () => {}, removeListener: () => {} },
  });
  let here = !late;
  const announce = () => here && dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  addEventListener('eip6963:requestProvider', announce);
  addEventListener(`unlock:${uuid}`, () => {
    here = true;
    announce();
  });
  announce();
}
