/* WebAuthn between its JSON form (level 3, 5.1) and the browser's objects. */

type Json = Record<string, unknown>;

/** The browser gave no credential: the reader said no, or it took too long; browsers do not tell which. */
export class NoPasskey extends Error {}

export function passkeysHere(): boolean {
  return typeof PublicKeyCredential === 'function' && isSecureContext;
}

/** Asks for a passkey that exists; its answer in JSON. */
export async function usePasskey(options: Json): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: bytes(options['challenge']),
    allowCredentials: descriptors(options['allowCredentials']),
  };
  const credential = await asked(
    navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions }),
  );
  const { authenticatorData, clientDataJSON, signature, userHandle } =
    credential.response as AuthenticatorAssertionResponse;
  return {
    ...named(credential),
    response: {
      authenticatorData: base64(authenticatorData),
      clientDataJSON: base64(clientDataJSON),
      signature: base64(signature),
      ...(userHandle === null ? {} : { userHandle: base64(userHandle) }),
    },
  };
}

/** Makes a passkey; its answer in JSON. */
export async function makePasskey(options: Json): Promise<Json> {
  const user = options['user'] as Json;
  const publicKey = {
    ...options,
    challenge: bytes(options['challenge']),
    user: { ...user, id: bytes(user['id']) },
    excludeCredentials: descriptors(options['excludeCredentials']),
  };
  const credential = await asked(
    navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  const key = response.getPublicKey();
  return {
    ...named(credential),
    response: {
      attestationObject: base64(response.attestationObject),
      clientDataJSON: base64(response.clientDataJSON),
      authenticatorData: base64(response.getAuthenticatorData()),
      ...(key === null ? {} : { publicKey: base64(key) }),
      publicKeyAlgorithm: response.getPublicKeyAlgorithm(),
      transports: response.getTransports(),
    },
  };
}

async function asked(asking: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await asking.catch((error: unknown) => {
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')) return null;
    throw error;
  });
  if (credential === null) throw new NoPasskey();
  return credential as PublicKeyCredential;
}

function named(credential: PublicKeyCredential): Json {
  const { id, rawId, type, authenticatorAttachment } = credential;
  return { id, rawId: base64(rawId), type, authenticatorAttachment, clientExtensionResults: {} };
}

function descriptors(list: unknown): unknown {
  return Array.isArray(list) ? list.map((one: Json) => ({ ...one, id: bytes(one['id']) })) : undefined;
}

export function bytes(text: unknown): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw new TypeError('no base64url');
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

export function base64(buffer: ArrayBuffer | Uint8Array): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
