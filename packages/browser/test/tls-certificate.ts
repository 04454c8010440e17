/**
 * A certificate for `localhost`, `api.localhost`, `api.example` and the loopback addresses, for servers in tests only.
 * The authority's key was thrown away; both are valid until 2126.
 */
export const testAuthority: string = `-----BEGIN CERTIFICATE-----
MIIBlzCCAT2gAwIBAgIUHNEZR4WxfDbyRJG3a01i7FMrvGUwCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVY29yc2FjIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyMjE3MTM0
NloYDzIxMjYxMDI5MTcxMzQ2WjAgMR4wHAYDVQQDDBVjb3JzYWMgdGVzdCBhdXRo
b3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARACxWVesLpXgJpkv/fujCP
UUqUTCp1M4rdFFCNLzgHps2J1j/DGv10pJPH8LWUTgLsfaADX12sQYyvhkPRtdhr
o1MwUTAdBgNVHQ4EFgQUEsUunKvUueZXGwn+hhOUGeTHpqgwHwYDVR0jBBgwFoAU
EsUunKvUueZXGwn+hhOUGeTHpqgwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
AgNIADBFAiEAmJgV1cE921QcdHitqJFUeVv3EjlHGHs2Bpa8HeFkYEUCIFhPuN1n
fF2IB2xgONWwFlYUEpPmZishKolrcT+xptFv
-----END CERTIFICATE-----
`;

/** Options for `https.createServer` and the like. */
export const testCertificate: { readonly cert: string; readonly key: string } = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBxzCCAWygAwIBAgIUGgIuIji4+RkCOQygPEJrJXAXKcUwCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVY29yc2FjIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyMjE3MTM0
NloYDzIxMjYxMDI5MTcxMzQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASYfwC0BGxu5dL+qIXQEObowuhyLmA7HXwNZJb6
MExmpZqU4qaL4ejfHVmFrhqi1g6xuTUo5wn0LwgNwgcqD2Bxo4GNMIGKMEgGA1Ud
EQRBMD+CCWxvY2FsaG9zdIINYXBpLmxvY2FsaG9zdIILYXBpLmV4YW1wbGWHBH8A
AAGHEAAAAAAAAAAAAAAAAAAAAAEwHQYDVR0OBBYEFHmFhvRTRoO9j2jlnxenKCiM
bTGPMB8GA1UdIwQYMBaAFBLFLpyr1LnmVxsJ/oYTlBnkx6aoMAoGCCqGSM49BAMC
A0kAMEYCIQDCblEL1WDkFWdFTJT8OZGWJWevT6JTgUFoNUPNTQxuCwIhAK1MJz37
xsbDWJswISV6n7AcCWlonv0WIjlQ71FykxWn
-----END CERTIFICATE-----
`,
  key: `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEILTJl0uW+1rrKXQaKm/KsgLRqOIwsD7wNnA5iKj8iog/oAoGCCqGSM49
AwEHoUQDQgAEmH8AtARsbuXS/qiF0BDm6MLoci5gOx18DWSW+jBMZqWalOKmi+Ho
3x1Zha4aotYOsbk1KOcJ9C8IDcIHKg9gcQ==
-----END EC PRIVATE KEY-----
`,
};
