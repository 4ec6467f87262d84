import { useResource } from "../api/resource";
import type { Page, Token } from "../api/types";
import { Pages } from "../ui/Pages";
import { Shown } from "../ui/states";
import { TokenForm } from "./TokenForm";
import { TokenTable } from "./TokenTable";

const path = "/api/tokens?limit=50";

/** The tokens of people and CI. */
export function TokensPage() {
  const tokens = useResource<Page<Token>>(path, 60);
  return (
    <>
      <title>Tokens · VPS Pilot</title>
      <h1>Tokens</h1>
      <Shown of={tokens} what="tokens">{first => <Pages path={path} first={first} keyOf={t => t.id}>{items => <TokenTable tokens={items} />}</Pages>}</Shown>
      <TokenForm />
    </>
  );
}
