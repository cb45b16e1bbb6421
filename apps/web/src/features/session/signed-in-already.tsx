import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { takeAddress } from "../../lib/return-address.ts";

/** The page of signing in, for who is signed in: they go on to where they were for. */
export function SignedInAlready() {
  const router = useRouter();
  useEffect(() => router.history.replace(takeAddress() ?? "/"), [router]);
  return null;
}
