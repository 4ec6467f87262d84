import { Link } from "../app/Link";
import { segment } from "../api/client";
import type { ServingRelease } from "../api/types";
import { Commit } from "../ui/Commit";

export function ServingTable({ serving }: { serving: [project: string, release: ServingRelease][] }) {
  return (
    <div className="table">
      <table>
        <thead><tr><th scope="col">Project</th><th scope="col">Commit</th><th scope="col">Generation</th><th scope="col">Port</th><th scope="col">Unit</th></tr></thead>
        <tbody>
          {serving.map(([project, release]) => (
            <tr key={project}>
              <th scope="row"><Link href={`/projects/${segment(project)}`}>{project}</Link></th>
              <td data-label="Commit"><Commit id={release.commit} /></td>
              <td data-label="Generation">{release.generation}</td>
              <td data-label="Port">{release.port}{release.slot ? ` (${release.slot})` : ""}</td>
              <td data-label="Unit">{release.unitState ?? "unknown"}{release.traffic ? `, ${release.traffic.answers} answers, ${release.traffic.errors} errors` : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
