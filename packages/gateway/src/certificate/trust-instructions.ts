/**
 * Tells how to make programs on this machine trust a certificate, as lines for the console.
 *
 * @param file of the authority's certificate
 * @param platform as in `process.platform`
 */
export function trustInstructions(file: string, platform: string): string {
  const quoted = JSON.stringify(file);
  const lines = [`HTTPS uses a certificate of an authority made on this machine: ${file}`];
  lines.push("It can vouch for localhost, *.localhost, 127.0.0.0/8 and ::1 alone. To trust it:");
  switch (platform) {
    case "darwin":
      lines.push(
        `  macOS    security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${quoted}`,
      );
      break;
    case "win32":
      lines.push(`  Windows  certutil -user -addstore Root ${quoted}`);
      break;
    default:
      lines.push(
        `  Chrome   certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n corsac -i ${quoted}`,
        `  Debian   sudo cp ${quoted} /usr/local/share/ca-certificates/corsac.crt && sudo update-ca-certificates`,
        `  Fedora   sudo trust anchor ${quoted}`,
      );
  }
  lines.push("  Firefox  Settings, Privacy & Security, View Certificates, Authorities, Import");
  lines.push(`  Node     NODE_EXTRA_CA_CERTS=${quoted}`);
  lines.push(`  curl     curl --cacert ${quoted} https://localhost:...`);
  return lines.join("\n");
}
