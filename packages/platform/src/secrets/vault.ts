/** Keeps secrets so that the database alone gives none away. */
export interface Vault {
  /**
   * Encrypts a text for one place.
   * @param binding what the text belongs to, such as `signing-key <id>`: it opens with the same binding only
   */
  seal(plaintext: string, binding: string): Promise<string>;
  /** @throws when the text was changed, or sealed with another binding or key */
  open(sealed: string, binding: string): Promise<string>;
}
