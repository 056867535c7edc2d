// docs/<doc>/<version>/ of the version that is shown at docs/<doc>/: go there, keep the clause.
(function () {
  "use strict";
  // from a disk no server adds the file to a folder
  var above = location.protocol === "file:" ? "../index.html" : "../";
  location.replace(new URL(above, location.href.split("#")[0]).href + location.hash);
})();
