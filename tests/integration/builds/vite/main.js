document.title = "vite built this";
