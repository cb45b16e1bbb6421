export const protocolSpace = "urn:oasis:names:tc:SAML:2.0:protocol";
export const assertionSpace = "urn:oasis:names:tc:SAML:2.0:assertion";
export const signatureSpace = "http://www.w3.org/2000/09/xmldsig#";
export const metadataSpace = "urn:oasis:names:tc:SAML:2.0:metadata";
