import { greeting } from "./greeting.js";
import "./style.css";

document.querySelector("#greeting").textContent = `${greeting(new Date().getHours())}, version ${import.meta.env.APP_VERSION}.`;
