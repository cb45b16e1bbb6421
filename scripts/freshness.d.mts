export function installHash(): string;
export function sourceHash(): string;
export function isBuilt(app: string, hash?: string): boolean;
export function hashOf(paths: readonly string[]): string;
