/** A file to import, with its path below the folder that was picked: manifests name their parts by it. */
export interface PickedFile {
  path: string;
  file: File;
}

/** Files of an input; those of a folder carry their path. Hidden files, such as .DS_Store, are nobody's bill. */
export function filesOfInput(list: FileList): PickedFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })).filter(isVisible);
}

/** Files and whole folders that were dropped. */
export async function filesOfDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  // The list of items empties as soon as the event is over, so all entries are taken at once.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesOfInput(transfer.files);
  const found = await Promise.all(entries.map(filesOfEntry));
  return found.flat().filter(isVisible);
}

async function filesOfEntry(entry: FileSystemEntry): Promise<PickedFile[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile)
    return [
      {
        path,
        file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
      },
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PickedFile[] = [];
  for (;;) {
    // A folder is read in batches of a hundred; an empty one is its end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return found;
    found.push(...(await Promise.all(batch.map(filesOfEntry))).flat());
  }
}

function isVisible({ path }: PickedFile): boolean {
  return !path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");
}
