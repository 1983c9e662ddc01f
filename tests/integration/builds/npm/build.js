// Keeps what the build was told, as front ends keep NEXT_PUBLIC_... variables.
require("node:fs").writeFileSync("built.json", JSON.stringify({ branch: process.env.BUILT_FOR, day: require("ms")("1d") }));
