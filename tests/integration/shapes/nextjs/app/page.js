import { headers } from "next/headers";

import Counter from "./counter";

// Rendered anew for each request, since it reads the request's headers.
export default async function Page() {
  const host = (await headers()).get("host");
  return (
    <main>
      <h1>{`Asked as ${host}`}</h1>
      <p>{`Greeting: ${process.env.GREETING}, built for ${process.env.NEXT_PUBLIC_BRANCH}`}</p>
      <Counter />
    </main>
  );
}
