import { useNavigate } from "@tanstack/react-router";

/**
 * Opens and closes the editor that the address names, on the page where the reader is: who went on to another one while
 * something was kept is not brought back by it.
 */
export function useEdit<Edit extends string>(): (edit: Edit | undefined) => void {
  const navigate = useNavigate();
  return (edit) => void navigate({ to: ".", search: ((search: object) => ({ ...search, edit })) as never });
}
