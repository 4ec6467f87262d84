// Writes a software bill of materials (CycloneDX 1.6, JSON) of what restore resolved: sbom.mjs VERSION SECONDS OUT ASSETS...
// ASSETS are project.assets.json files of NuGet, and package-lock.json files of npm. The same inputs give the same bytes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [version, seconds, out, ...inputs] = process.argv.slice(2);
const components = new Map();
const edges = new Map();

function add(ref, component, dependsOn) {
  components.set(ref, { type: "library", "bom-ref": ref, ...component, purl: ref });
  const known = edges.get(ref) ?? new Set();
  dependsOn.forEach(d => known.add(d));
  edges.set(ref, known);
}

function nuget(assets) {
  const direct = new Set();
  for (const [framework, target] of Object.entries(assets.targets)) {
    const refs = new Map(Object.keys(target).map(key => [key.split("/")[0].toLowerCase(), `pkg:nuget/${key.replace("/", "@")}`]));
    for (const [key, entry] of Object.entries(target)) {
      if (entry.type !== "package") continue;
      const [name, at] = key.split("/");
      const sha512 = assets.libraries[key]?.sha512;
      add(refs.get(name.toLowerCase()), {
        name, version: at, scope: "required",
        hashes: sha512 ? [{ alg: "SHA-512", content: Buffer.from(sha512, "base64").toString("hex") }] : [],
      }, Object.keys(entry.dependencies ?? {}).map(d => refs.get(d.toLowerCase())).filter(Boolean).filter(d => components.has(d) || target[d.slice("pkg:nuget/".length).replace("@", "/")]?.type === "package"));
    }
    const project = assets.project?.frameworks?.[framework.split("/")[0]];
    for (const [name, dependency] of Object.entries(project?.dependencies ?? {})) {
      // Analyzers and test tools do not ship.
      if (dependency.suppressParent !== "All" && refs.has(name.toLowerCase())) direct.add(refs.get(name.toLowerCase()));
    }
  }
  return direct;
}

function npm(lock) {
  const direct = new Set();
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (path === "" || entry.dev || entry.link) continue;
    const name = path.split("node_modules/").pop();
    const ref = `pkg:npm/${name.replace("@", "%40")}@${entry.version}`;
    const [algorithm, digest] = (entry.integrity ?? "").split("-");
    add(ref, {
      name, version: entry.version, scope: "required",
      hashes: digest ? [{ alg: algorithm.toUpperCase().replace("SHA", "SHA-"), content: Buffer.from(digest, "base64").toString("hex") }] : [],
    }, []);
    if (path === `node_modules/${name}`) direct.add(ref);
  }
  return direct;
}

const roots = new Set();
for (const file of inputs) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  (content.targets ? nuget(content) : npm(content)).forEach(ref => roots.add(ref));
}

const sorted = [...components.keys()].sort();
const self = `pkg:generic/vpspilot-serverless@${version}`;
const digest = createHash("sha256").update(version + "\n" + sorted.join("\n")).digest("hex");
const uuid = [digest.slice(0, 8), digest.slice(8, 12), "8" + digest.slice(13, 16), "8" + digest.slice(17, 20), digest.slice(20, 32)].join("-");
const bom = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  serialNumber: `urn:uuid:${uuid}`,
  version: 1,
  metadata: { timestamp: new Date(Number(seconds) * 1000).toISOString(), component: { type: "application", "bom-ref": self, name: "vpspilot-serverless", version, purl: self } },
  components: sorted.map(ref => components.get(ref)),
  dependencies: [
    { ref: self, dependsOn: [...roots].sort() },
    ...sorted.map(ref => ({ ref, dependsOn: [...edges.get(ref)].filter(d => components.has(d)).sort() })),
  ],
};
writeFileSync(out, JSON.stringify(bom, null, 2) + "\n");
console.log(`${out}: ${sorted.length} components`);
