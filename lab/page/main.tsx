import "./style/page.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { readLabInfo } from "./lab-info.ts";
import { LabPage } from "./shell/lab-page.tsx";

const element = document.getElementById("lab");
if (element !== null) {
  createRoot(element).render(
    <StrictMode>
      <LabPage info={readLabInfo()} />
    </StrictMode>,
  );
}
