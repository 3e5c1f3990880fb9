// Program s3_clients uploads and downloads with the SDK for Go as it is by default, for tests/sdk/test_s3_sdks.py:
// ENDPOINT ACCOUNT BUCKET FILE. Of every object that it writes the test reads the key, of FILE.go what came back.
package main

import (
	"bytes"
	"context"
	"io"
	"log"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Hides that a reader can seek: the length of what it has is not known.
type stream struct{ io.Reader }

func main() {
	endpoint, account, bucket, path := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	ctx := context.Background()
	client := s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(endpoint), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(account, "test", ""),
	})
	content, err := os.ReadFile(path)
	must(err)
	small := content[:100_000]

	_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("go known"), Body: bytes.NewReader(small)})
	must(err)
	_, err = client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: aws.String("go gzip"), Body: bytes.NewReader(small), ContentEncoding: aws.String("gzip"),
	})
	must(err)
	got, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: aws.String("go known")})
	must(err)
	back, err := io.ReadAll(got.Body) // checks the checksum, too
	must(err)
	if !bytes.Equal(back, small) {
		log.Fatal("another body came back")
	}

	uploader := manager.NewUploader(client)
	_, err = uploader.Upload(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("go unknown"), Body: stream{bytes.NewReader(small)}})
	must(err)
	_, err = uploader.Upload(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("go large"), Body: stream{bytes.NewReader(content)}})
	must(err)
	file, err := os.Create(path + ".go")
	must(err)
	_, err = manager.NewDownloader(client).Download(ctx, file, &s3.GetObjectInput{Bucket: &bucket, Key: aws.String("go large")})
	must(err)
	must(file.Close())
}
