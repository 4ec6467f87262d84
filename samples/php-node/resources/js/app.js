document.querySelector("#assets").textContent = `Assets built by Node.js ${import.meta.env.APP_BUILT_BY}`;
