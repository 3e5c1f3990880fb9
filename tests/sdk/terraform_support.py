"""Terraform with its AWS provider, where both are installed: TF_PLUGIN_DIR says where the provider is, which is not fetched."""
import contextlib
import glob
import os
import shutil
import subprocess

import pytest

from test_s3_clients import environment

PLUGINS = os.environ.get("TF_PLUGIN_DIR", "/opt/tf-plugins")
PROVIDERS = glob.glob(f"{PLUGINS}/registry.terraform.io/hashicorp/aws/*")

PROVIDER = """
terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "%s" } }
}
provider "aws" {
  region                      = "us-east-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
"""

needs_terraform = pytest.mark.skipif(not shutil.which("terraform") or not PROVIDERS, reason="no Terraform with its AWS provider")


@contextlib.contextmanager
def applied(folder, virga, account, resources, changes=None):
    """The resources are there, with changes (text to text) that were made once they were, and a second plan is empty; at the end all is destroyed."""
    text = PROVIDER % os.path.basename(PROVIDERS[0]) + resources

    def terraform(*arguments):
        done = subprocess.run(["terraform", *arguments], cwd=folder, env={**environment(virga, account), "CHECKPOINT_DISABLE": "1"}, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr

    def apply():
        (folder / "main.tf").write_text(text)
        if not (folder / ".terraform").exists():
            terraform("init", "-no-color", "-plugin-dir", PLUGINS)
        terraform("apply", "-no-color", "-auto-approve")
        terraform("plan", "-no-color", "-detailed-exitcode")  # fails when there is something to change

    apply()
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    if changes:
        apply()
    yield
    terraform("destroy", "-no-color", "-auto-approve")
