// docs/<doc>/<version>/ of the version that is shown at docs/<doc>/: go there, keep the clause.
location.replace(new URL("../", location.href.split("#")[0]).href + location.hash);
