import { webcrypto } from "node:crypto";

/** A key and its certificate, both in PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** In milliseconds since 1970. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

/** The names that every certificate is for. Node and some others do not accept the one with the star. */
export const developmentNames: readonly string[] = ["localhost", "*.localhost", "127.0.0.1", "::1"];

const signing = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/**
 * Makes a certification authority. It can vouch for this machine's own names alone: whoever steals its key gains no
 * other site.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10
 */
export async function makeAuthority({ from, until }: Validity): Promise<KeyAndCertificate> {
  const x509 = await library();
  const keys = await webcrypto.subtle.generateKey(signing, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=corsac development authority ${serialNumber().slice(0, 6)}, O=corsac`,
    notBefore: new Date(from),
    notAfter: new Date(until),
    signingAlgorithm: signing,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.Extension("2.5.29.30", true, nameConstraints()),
    ],
  });
  return { key: await pem(keys.privateKey), certificate: certificate.toString("pem") };
}

/** Makes a certificate for these names and addresses, with that of the authority behind it. */
export async function makeLeaf(
  authority: KeyAndCertificate,
  { from, until }: Validity,
  names: readonly string[],
): Promise<KeyAndCertificate> {
  const x509 = await library();
  const issuer = new x509.X509Certificate(authority.certificate);
  const [der] = x509.PemConverter.decode(authority.key);
  if (der === undefined) throw new Error("The authority has no key.");
  const signingKey = await webcrypto.subtle.importKey("pkcs8", der, signing, false, ["sign"]);
  const keys = await webcrypto.subtle.generateKey(signing, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: "CN=localhost, O=corsac",
    issuer: issuer.subject,
    notBefore: new Date(from),
    notAfter: new Date(until),
    signingAlgorithm: signing,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ("ip" as const) : ("dns" as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { key: await pem(keys.privateKey), certificate: `${certificate.toString("pem")}\n${authority.certificate}` };
}

/** Loaded only when a certificate is made; it needs the other one to be there first. */
async function library() {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
}

/** Positive, of 16 bytes. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(Buffer.alloc(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

/** In DER: what is permitted is `localhost` with all below it, 127.0.0.0/8, and ::1. */
function nameConstraints(): Buffer {
  const addressOfVersion6 = Buffer.alloc(32, 0xff);
  addressOfVersion6.fill(0, 0, 16);
  addressOfVersion6[15] = 1;
  const permitted = [
    element(0x82, Buffer.from("localhost")),
    element(0x87, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0])),
    element(0x87, addressOfVersion6),
  ];
  return element(0x30, element(0xa0, Buffer.concat(permitted.map((name) => element(0x30, name)))));
}

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
